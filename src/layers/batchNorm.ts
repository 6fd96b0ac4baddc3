// activations → normalised activations: by the batch's statistics in training, by moving averages otherwise

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkNumber, checkOneOf, checkShare, type Resolved } from '../core/check.ts';
import { batchNorm, normalize } from '../kernels/batchNorm.ts';
import { mixIn } from '../kernels/emaStep.ts';
import { batchPartOf } from './batchPart.ts';
import { BaseLayer, channelsOf, checkNoOtherOption, type LayerOptions, singleShape, singleTensor } from './layer.ts';

/** Options of {@link BatchNorm}. */
export interface BatchNormOptions extends LayerOptions {
  /**
   * Share of the moving averages that a training step keeps. Keras keeps 0.99; with about forty steps an epoch, as on RAVDESS, these
   * would be averages over epochs in which the weights changed.
   * @default 0.9
   */
  momentum?: number | undefined;
  /** Added to the variance. @default 0.001 (Keras) */
  epsilon?: number | undefined;
  /** Applied to the result, in the same pass. @default 'linear' (none) */
  activation?: 'linear' | 'relu' | undefined;
}

/**
 * Batch normalisation over the last axis, shape kept. In training, mean and (biased) variance are the batch's over all
 * other axes; otherwise, and when the layer is not trainable, they are the moving averages.
 *
 * @see Ioffe & Szegedy 2015
 */
export class BatchNorm extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionBatchNorm';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<BatchNormOptions, 'name' | 'trainable'>>;
  #gamma!: tfl.LayerVariable;
  #beta!: tfl.LayerVariable;
  #movingMean!: tfl.LayerVariable;
  #movingVariance!: tfl.LayerVariable;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: BatchNormOptions = {}) {
    super(options);
    const { momentum = 0.9, epsilon = 0.001, activation = 'linear', ...others } = options;
    const action = 'make BatchNorm';
    checkNoOtherOption(action, others);
    checkShare(action, 'momentum', momentum);
    checkNumber(action, 'epsilon', epsilon, 1e-30, 1e6); // as float32 can have it
    checkOneOf(action, 'activation', activation, ['linear', 'relu']);
    this.options = { momentum, epsilon, activation };
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf('BatchNorm', singleShape('BatchNorm', inputShape));
    const zeros = (size: number) => new Float32Array(size);
    const ones = (size: number) => new Float32Array(size).fill(1);
    this.#gamma = this.weight('gamma', [channels], ones);
    this.#beta = this.weight('beta', [channels], zeros);
    this.#movingMean = this.weight('movingMean', [channels], zeros, false);
    this.#movingVariance = this.weight('movingVariance', [channels], ones, false);
    super.build(inputShape);
  }

  /** Normalises; in training, also updates the moving averages. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean | undefined } = {}): tf.Tensor {
    const { momentum, epsilon, activation } = this.options;
    const rectify = activation === 'relu';
    return tf.tidy(() => {
      const x = singleTensor(inputs);
      const gamma = this.#gamma.read() as tf.Tensor1D;
      const beta = this.#beta.read() as tf.Tensor1D;
      if (!kwargs.training || !this.trainable) {
        const y = normalize(x, gamma, beta, this.#movingMean.read(), this.#movingVariance.read(), epsilon);
        return rectify ? tf.relu(y) : y;
      }
      const { y, mean, variance } = batchNorm(
        { x, gamma, beta },
        { epsilon, rectify, addUp: batchPartOf(this)?.addUp },
      );
      for (const [average, value] of [
        [this.#movingMean, mean],
        [this.#movingVariance, variance],
      ] as const) {
        average.write(mixIn(average.read(), value, momentum));
      }
      return y;
    });
  }

  /** The input's shape. */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return singleShape('BatchNorm', inputShape);
  }
}
