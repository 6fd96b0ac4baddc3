// tensors → the sum of the squares of all their numbers

import * as tf from '@tensorflow/tfjs-core';
import { type Implementations, implementationOf } from './backends/implementations.ts';
import { webgpuSumOfSquares } from './backends/webgpu/sumOfSquares.ts';

const implementations: Implementations<(tensors: readonly tf.Tensor[]) => tf.Scalar> = {
  webgpu: webgpuSumOfSquares,
  composed: (tensors) => tf.sum(tf.stack(tensors.map((tensor) => tf.sum(tf.square(tensor))))),
};

/** Σ x² over all numbers of all tensors, one or more. */
export function sumOfSquares(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() => implementationOf(implementations)(tensors));
}
