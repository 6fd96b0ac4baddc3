// activations → normalised activations, and back, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { BatchNormImplementation } from '../../signatures/batchNorm.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { simd } from './simd.ts';

/** Batch normalisation in two kernels. */
export const simdBatchNorm: BatchNormImplementation = {
  forward({ x, gamma, beta }, { epsilon, rectify }) {
    const { run, at, withScratch } = simd()!;
    const channels = gamma.size;
    const y = hostTensor(x.shape);
    const mean = hostTensor<tf.Rank.R1>([channels]);
    const variance = hostTensor<tf.Rank.R1>([channels]);
    withScratch(run.batchNormScratch(channels), (scratch) => {
      const inputs = [at(x), x.size / channels, channels, at(gamma), at(beta), epsilon, rectify];
      run.batchNormForward(...inputs, at(y), at(mean), at(variance), scratch);
    });
    return [y, mean, variance];
  },

  gradient([dy], { x, gamma }, [y, mean, variance], { epsilon, rectify }) {
    const { run, at, withScratch } = simd()!;
    const channels = gamma.size;
    const dx = hostTensor(x.shape);
    const dGamma = hostTensor<tf.Rank.R1>([channels]);
    const dBeta = hostTensor<tf.Rank.R1>([channels]);
    withScratch(run.batchNormScratch(channels), (scratch) => {
      const activations = [at(dy!), at(x), at(y!), x.size / channels, channels];
      const statistics = [at(gamma), at(mean!), at(variance!), epsilon, rectify];
      run.batchNormBackward(...activations, ...statistics, at(dx), at(dGamma), at(dBeta), scratch);
    });
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
};
