// tensors → the sum of the squares of all their numbers

import * as tf from '@tensorflow/tfjs-core';
import { webgpuSumOfSquares } from './backends/webgpu/sumOfSquares.ts';
import { onWebgpu } from './tfjs/webgpuProgram.ts';

/** Σ x² over all numbers of all tensors, one or more. */
export function sumOfSquares(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() => {
    if (onWebgpu()) return webgpuSumOfSquares(tensors);
    return tf.sum(tf.stack(tensors.map((tensor) => tf.sum(tf.square(tensor)))));
  });
}
