// features → the largest of several weighted sums of them

import * as tf from '@tensorflow/tfjs-core';
import { checkInteger, type Resolved } from '../core/check.ts';
import { dense } from '../kernels/dense.ts';
import { FullyConnected, type FullyConnectedOptions, type Sums } from './fullyConnected.ts';
import { checkNoOtherOption, singleTensor } from './layer.ts';

/** Options of {@link Maxout}. */
export interface MaxoutOptions extends FullyConnectedOptions {
  /** Number of sums of which each output is the largest. @default 2 */
  pieces?: number | undefined;
}

/**
 * Fully connected layer each of whose outputs is the largest of several sums, h_i = max_j (xᵀW_ij + b_ij), [..., inputs] → [...,
 * units]: it learns its own activation, piecewise linear and convex. With two pieces, one of them 0, it is ReLU.
 *
 * Weights start He-uniform, biases 0. They are `[kernel, bias]`, [inputs, units · pieces] and [units · pieces], the pieces of
 * an output adjacent.
 *
 * @see Goodfellow et al. 2013, Maxout Networks, https://arxiv.org/abs/1302.4389
 */
export class Maxout extends FullyConnected {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMaxout';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<MaxoutOptions, 'name' | 'trainable'>>;
  /** The sums, several for each unit. */
  protected readonly sums: Sums;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: MaxoutOptions) {
    super(options);
    const { units, pieces = 2, seed, ...others } = options;
    checkNoOtherOption('make Maxout', others);
    checkInteger('make Maxout', 'pieces', pieces, 2, 1024);
    this.options = { units, pieces, seed };
    this.sums = { count: units * pieces, rectified: true };
  }

  /** Computes the sums and takes the largest. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { units, pieces } = this.options;
    return tf.tidy(() => {
      const sums = dense(singleTensor(inputs), this.kernel, this.bias);
      return tf.max(tf.reshape(sums, [...sums.shape.slice(0, -1), units, pieces]), -1);
    });
  }
}
