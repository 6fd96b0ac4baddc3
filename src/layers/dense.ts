// features → weighted sums of them, activated

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { dense } from '../kernels/dense.ts';
import { RandomStream } from '../random.ts';
import { glorotUniform, heUniform } from './initialize.ts';
import {
  BaseLayer,
  channelsOf,
  checkCount,
  checkOneOf,
  type SeededLayerOptions,
  singleShape,
  singleTensor,
} from './layer.ts';

/** Options of {@link Dense}. */
export interface DenseOptions extends SeededLayerOptions {
  /** How many sums. */
  units: number;
  /** Applied to the sums; softmax runs over the last axis. @default 'linear' */
  activation?: 'linear' | 'relu' | 'softmax';
}

/**
 * Fully connected layer over the last axis, [..., inputs] → [..., units]. Weights start Glorot-uniform (He-uniform before
 * ReLU), the bias 0.
 */
export class Dense extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionDense';
  /** The layer's own options, resolved. */
  readonly options: Readonly<Required<Omit<DenseOptions, 'name' | 'trainable'>>>;
  #kernel!: tfl.LayerVariable;
  #bias!: tfl.LayerVariable;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: DenseOptions) {
    super(options);
    this.supportsMasking = true; // and passed on
    const { units, activation = 'linear', seed } = options;
    checkCount('make Dense', 'units', units);
    checkOneOf('make Dense', 'activation', activation, ['linear', 'relu', 'softmax']);
    this.options = { units, activation, seed };
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { units, activation, seed } = this.options;
    const inputs = channelsOf('Dense', singleShape('Dense', inputShape));
    const random = new RandomStream(seed, 'kernel');
    this.#kernel = this.weight('kernel', [inputs, units], (size) =>
      activation === 'relu' ? heUniform(size, inputs, random) : glorotUniform(size, inputs, units, random),
    );
    this.#bias = this.weight('bias', [units], (size) => new Float32Array(size));
    super.build(inputShape);
  }

  /** Computes the sums and activates them. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { activation } = this.options;
    return tf.tidy(() => {
      const y = dense(singleTensor(inputs), this.#kernel.read() as tf.Tensor2D, this.#bias.read() as tf.Tensor1D);
      if (activation === 'relu') return tf.relu(y);
      return activation === 'softmax' ? tf.softmax(y) : y;
    });
  }

  /** [..., inputs] → [..., units] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return [...singleShape('Dense', inputShape).slice(0, -1), this.options.units];
  }
}
