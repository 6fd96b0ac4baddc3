// activations → normalised activations, and back, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormImplementation } from '../../signatures/batchNorm.ts';

/** Batch normalisation on every backend. */
export const composedBatchNorm: BatchNormImplementation = {
  forward({ x, gamma, beta }, { epsilon, rectify }) {
    const { mean, variance } = tf.moments(x, batchAxes(x));
    const y = normalize(x, gamma, beta, mean, variance, epsilon);
    return [rectify ? tf.relu(y) : y, mean, variance];
  },

  gradient([dy], { x, gamma }, [y, mean, variance], { epsilon, rectify }) {
    const axes = batchAxes(x);
    const [dx, dGamma, dBeta] = tf.tidy(() => {
      const inverse = tf.rsqrt(tf.add(variance!, epsilon)); // [channels]
      const normalized = tf.mul(tf.sub(x, mean!), inverse);
      const passed = rectify ? tf.mul(dy!, tf.step(y!)) : dy!;
      const dGamma = tf.sum(tf.mul(passed, normalized), axes);
      const dBeta = tf.sum(passed, axes);
      const count = x.size / gamma.size;
      const centered = tf.sub(passed, tf.div(tf.add(tf.mul(normalized, dGamma), dBeta), count));
      return [tf.mul(centered, tf.mul(gamma, inverse)), dGamma, dBeta];
    }) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
};

/**
 * Batch normalisation by given statistics, as at inference: γ·(x − mean)/√(variance + ε) + β, in stock operations that
 * are differentiable by all of their inputs.
 */
export function normalize(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
}

/** All axes but the last. */
function batchAxes(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}
