// features → weighted sums of them and an activation

import * as tf from '@tensorflow/tfjs-core';
import { checkOneOf, type Resolved } from '../core/check.ts';
import { dense } from '../kernels/dense.ts';
import { FullyConnected, type FullyConnectedOptions, type Sums } from './fullyConnected.ts';
import { checkNoOtherOption, singleTensor } from './layer.ts';

/** Options of {@link Dense}. */
export interface DenseOptions extends FullyConnectedOptions {
  /** Applied to the sums; softmax runs over the last axis. @default 'linear' */
  activation?: 'linear' | 'relu' | 'softmax' | undefined;
}

/**
 * Fully connected layer over the last axis, [..., inputs] → [..., units]. Weights start Glorot-uniform (He-uniform before
 * ReLU), the bias 0.
 */
export class Dense extends FullyConnected {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionDense';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<DenseOptions, 'name' | 'trainable'>>;
  /** The sums, one for each unit. */
  protected readonly sums: Sums;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: DenseOptions) {
    super(options);
    const { units, activation = 'linear', seed, ...others } = options;
    checkNoOtherOption('make Dense', others);
    checkOneOf('make Dense', 'activation', activation, ['linear', 'relu', 'softmax']);
    this.options = { units, activation, seed };
    this.sums = { count: units, rectified: activation === 'relu' };
  }

  /** Computes the sums and their activation. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { activation } = this.options;
    return tf.tidy(() => {
      const y = dense(singleTensor(inputs), this.kernel, this.bias);
      if (activation === 'relu') return tf.relu(y);
      return activation === 'softmax' ? tf.softmax(y) : y;
    });
  }
}
