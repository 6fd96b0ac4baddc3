// activations → normalised activations, and back, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { BatchNormAttributes, BatchNormGradient, BatchNormInputs } from '../../batchNorm.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import type { Simd } from './simd.ts';

/** Normalises: y, mean, variance. */
export function simdBatchNorm(
  { run, at, withScratch }: Simd,
  { x, gamma, beta }: BatchNormInputs,
  { epsilon, rectify }: BatchNormAttributes,
): tf.Tensor[] {
  const channels = gamma.size;
  const y = hostTensor(x.shape);
  const mean = hostTensor<tf.Rank.R1>([channels]);
  const variance = hostTensor<tf.Rank.R1>([channels]);
  withScratch(run.batchNormScratch(channels), (scratch) => {
    const inputs = [at(x), x.size / channels, channels, at(gamma), at(beta), epsilon, rectify];
    run.batchNormForward(...inputs, at(y), at(mean), at(variance), scratch);
  });
  return [y, mean, variance];
}

/** Its gradients. */
export function simdBatchNormGradient({ run, at, withScratch }: Simd): BatchNormGradient {
  return (dy, x, gamma, y, mean, variance, { epsilon, rectify }) => {
    const channels = gamma.size;
    const dx = hostTensor(x.shape);
    const dGamma = hostTensor<tf.Rank.R1>([channels]);
    const dBeta = hostTensor<tf.Rank.R1>([channels]);
    withScratch(run.batchNormScratch(channels), (scratch) => {
      const activations = [at(dy), at(x), at(y), x.size / channels, channels];
      const statistics = [at(gamma), at(mean), at(variance), epsilon, rectify];
      run.batchNormBackward(...activations, ...statistics, at(dx), at(dGamma), at(dBeta), scratch);
    });
    return [dx, dGamma, dBeta];
  };
}
