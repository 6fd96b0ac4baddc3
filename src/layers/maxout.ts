// features → the largest of several sums of them

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { dense } from '../kernels/dense.ts';
import { RandomStream } from '../random.ts';
import { heUniform } from './initialize.ts';
import { BaseLayer, channelsOf, checkCount, type SeededLayerOptions, singleShape, singleTensor } from './layer.ts';

/** Options of {@link Maxout}. */
export interface MaxoutOptions extends SeededLayerOptions {
  /** How many outputs. */
  units: number;
  /** Sums that each output is the largest of. @default 2 */
  pieces?: number;
}

/**
 * Fully connected layer whose every output is the largest of several sums, h_i = max_j (xᵀW_ij + b_ij), [..., inputs] → [...,
 * units]: it learns its own activation, piecewise linear and convex. Of two pieces, one of which is 0, it is ReLU.
 *
 * Weights start He-uniform, biases 0. They are `[kernel, bias]`, [inputs, units · pieces] and [units · pieces], the pieces of
 * an output beside each other.
 *
 * @see Goodfellow et al. 2013, Maxout Networks, https://arxiv.org/abs/1302.4389
 */
export class Maxout extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMaxout';
  /** The layer's own options, resolved. */
  readonly options: Readonly<Required<Omit<MaxoutOptions, 'name' | 'trainable'>>>;
  #kernel!: tfl.LayerVariable;
  #bias!: tfl.LayerVariable;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: MaxoutOptions) {
    super(options);
    this.supportsMasking = true; // and passed on
    const { units, pieces = 2, seed } = options;
    checkCount('make Maxout', 'units', units);
    checkCount('make Maxout', 'pieces', pieces, 2);
    this.options = { units, pieces, seed };
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { units, pieces, seed } = this.options;
    const inputs = channelsOf('Maxout', singleShape('Maxout', inputShape));
    const random = new RandomStream(seed, 'kernel');
    this.#kernel = this.weight('kernel', [inputs, units * pieces], (size) => heUniform(size, inputs, random));
    this.#bias = this.weight('bias', [units * pieces], (size) => new Float32Array(size));
    super.build(inputShape);
  }

  /** Computes the sums and takes the largest. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { units, pieces } = this.options;
    return tf.tidy(() => {
      const sums = dense(singleTensor(inputs), this.#kernel.read() as tf.Tensor2D, this.#bias.read() as tf.Tensor1D);
      return tf.max(tf.reshape(sums, [...sums.shape.slice(0, -1), units, pieces]), -1);
    });
  }

  /** [..., inputs] → [..., units] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return [...singleShape('Maxout', inputShape).slice(0, -1), this.options.units];
  }
}
