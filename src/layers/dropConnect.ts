// features → weighted sums of them; training drops some of the weights

import * as tf from '@tensorflow/tfjs-core';
import { checkOneOf, checkShare, type Resolved } from '../core/check.ts';
import { RandomStream } from '../core/random.ts';
import { dense } from '../kernels/dense.ts';
import { FullyConnected, type FullyConnectedOptions, type Sums } from './fullyConnected.ts';
import { checkNoOtherOption, singleTensor } from './layer.ts';
import { trainingStepOf } from './trainingStep.ts';

/** Options of {@link DropConnect}. */
export interface DropConnectOptions extends FullyConnectedOptions {
  /** Share of the weights that training drops, others at every step. @default 0.5 */
  rate?: number | undefined;
  /** Applied to the sums. @default 'relu' */
  activation?: 'linear' | 'relu' | undefined;
}

/**
 * Fully connected layer r = a((M ⊙ W)·x + b), [..., inputs] → [..., units]. In training, M keeps each weight with probability
 * 1 − rate; the kept ones are not scaled up, as in the paper. One mask is drawn a step (the paper draws one a clip).
 *
 * Outside training, a sum of many dropped terms is taken as normally distributed, with q = 1 − rate, mean μ = q·Wx + b and variance
 * σ² = q(1 − q)·W²x². The output is the expected activation, for ReLU μΦ(μ/σ) + σφ(μ/σ); the paper averages draws from that
 * distribution instead.
 *
 * Weights are `[kernel, bias]`; they start Glorot-uniform, He-uniform before ReLU, the bias 0.
 *
 * @see Wan et al. 2013, Regularization of Neural Networks using DropConnect
 */
export class DropConnect extends FullyConnected {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionDropConnect';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<DropConnectOptions, 'name' | 'trainable'>>;
  /** The sums, one for each unit. */
  protected readonly sums: Sums;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: DropConnectOptions) {
    super(options);
    const { units, rate = 0.5, activation = 'relu', seed, ...others } = options;
    checkNoOtherOption('make DropConnect', others);
    checkShare('make DropConnect', 'rate', rate);
    checkOneOf('make DropConnect', 'activation', activation, ['linear', 'relu']);
    this.options = { units, rate, activation, seed };
    this.sums = { count: units, rectified: activation === 'relu' };
  }

  /** Computes the sums, in training with some of the weights, and their activation. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean | undefined } = {}): tf.Tensor {
    const { rate, activation } = this.options;
    return tf.tidy(() => {
      const x = singleTensor(inputs);
      const { kernel, bias } = this;
      const used = kwargs.training
        ? tf.mul<tf.Tensor2D>(kernel, this.#mask(kernel.shape))
        : tf.mul<tf.Tensor2D>(kernel, 1 - rate);
      const mean = dense(x, used, bias);
      if (activation === 'linear') return mean;
      if (kwargs.training || rate === 0) return tf.relu(mean);
      const squares = dense(tf.square(x), tf.square(kernel), tf.zerosLike(bias));
      return expectedRelu(mean, tf.mul(squares, rate * (1 - rate)));
    });
  }

  /** 0 with probability `rate`, otherwise 1. */
  #mask([inputs, units]: [number, number]): tf.Tensor2D {
    const { rate, seed } = this.options;
    const random = new RandomStream(seed, 'mask', trainingStepOf(this));
    return tf.tensor2d(
      Float32Array.from({ length: inputs * units }, () => (random.next() < rate ? 0 : 1)),
      [inputs, units],
    );
  }
}

/** E[max(0, z)] of normal z. */
function expectedRelu(mean: tf.Tensor, variance: tf.Tensor): tf.Tensor {
  const std = tf.sqrt(tf.add(variance, 1e-12)); // above 0 for x = 0 too
  const ratio = tf.div(mean, std);
  const below = tf.mul(0.5, tf.add(1, tf.erf(tf.mul(ratio, Math.SQRT1_2)))); // Φ
  const density = tf.mul(tf.exp(tf.mul(tf.square(ratio), -0.5)), 1 / Math.sqrt(2 * Math.PI)); // φ
  return tf.add(tf.mul(mean, below), tf.mul(std, density));
}
