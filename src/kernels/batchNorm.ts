// activations → activations of mean 0 and standard deviation 1 in each channel, scaled, shifted, and rectified where asked for

import type * as tf from '@tensorflow/tfjs-core';
import { composedBatchNorm } from './backends/composed/batchNorm.ts';
import { hostBatchNorm } from './backends/host/batchNorm.ts';
import { simdBatchNorm } from './backends/simd/batchNorm.ts';
import { webgpuBatchNorm } from './backends/webgpu/batchNorm.ts';
import { defineOperation } from './operation.ts';
import type { BatchNormAttributes, BatchNormInputs } from './signatures/batchNorm.ts';

export { normalize } from './backends/composed/batchNorm.ts';

/**
 * Batch normalisation by the statistics of the batch itself, as in training.
 *
 * @returns y of x's shape; the batch's mean and (biased) variance, [channels] each, for moving averages. Only y is
 *   differentiable.
 * @see Ioffe & Szegedy 2015, algorithm 1
 */
export function batchNorm(
  inputs: BatchNormInputs,
  attributes: BatchNormAttributes,
): { y: tf.Tensor; mean: tf.Tensor1D; variance: tf.Tensor1D } {
  const [y, mean, variance] = operation(inputs, attributes) as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
  return { y, mean, variance };
}

const operation = defineOperation<BatchNormInputs, BatchNormAttributes>({
  name: 'BatchNorm',
  inputsToSave: ['x', 'gamma'],
  saveOutputs: true,
  implementations: {
    simd: simdBatchNorm,
    host: hostBatchNorm,
    webgpu: webgpuBatchNorm,
    composed: composedBatchNorm,
  },
});
