// activations → normalised activations, and back, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { BatchNormImplementation } from '../../signatures/batchNorm.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { momentsOf, slopesOf } from '../batchMoments.ts';
import { simd } from './simd.ts';

/** Batch normalisation in two kernels each way. */
export const simdBatchNorm: BatchNormImplementation = {
  forward({ x, gamma, beta }, { epsilon, rectify, addUp }) {
    const { run, at } = simd()!;
    const channels = gamma.size;
    const rows = x.size / channels;
    const y = hostTensor(x.shape);
    const mean = hostTensor<tf.Rank.R1>([channels]);
    const variance = hostTensor<tf.Rank.R1>([channels]);
    withRows(channels, ([first, second], { sumsAt, write }) => {
      run.batchNormSums(at(x), rows, channels, first, second);
      const [origin, gammas, means, variances] = hostValues(x, gamma, mean, variance);
      const moments = momentsOf({ rows, origin, sums: sumsAt(first), squares: sumsAt(second) }, addUp);
      means.set(moments.mean);
      variances.set(moments.variance);
      write(
        first,
        moments.variance.map((own, c) => gammas[c]! / Math.sqrt(own + Math.fround(epsilon))),
      );
      run.batchNormForward(at(x), rows, channels, at(mean), first, at(beta), rectify, at(y));
    });
    return [y, mean, variance];
  },

  gradient([dy], { x, gamma }, [y, mean, variance], { epsilon, rectify, addUp }) {
    const { run, at } = simd()!;
    const channels = gamma.size;
    const rows = x.size / channels;
    const dx = hostTensor(x.shape);
    const dGamma = hostTensor<tf.Rank.R1>([channels]);
    const dBeta = hostTensor<tf.Rank.R1>([channels]);
    withRows(channels, ([first, second, third], { sumsAt, write }) => {
      const activations = [at(dy!), at(x), at(y!), rows, channels, at(mean!), rectify];
      run.batchNormBackwardSums(...activations, first, second);
      const [gammas, variances, dGammas, dBetas] = hostValues(gamma, variance!, dGamma, dBeta);
      const own = { rows, sums: sumsAt(first), products: sumsAt(second), gamma: gammas, variance: variances };
      const slopes = slopesOf(own, Math.fround(epsilon), addUp);
      dGammas.set(slopes.dGamma);
      dBetas.set(slopes.dBeta);
      write(first, slopes.scale);
      write(second, slopes.slope);
      write(third, slopes.constant);
      run.batchNormBackward(...activations, first, second, third, at(dx));
    });
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
};

/** Three addresses of a number a channel, and their values. */
interface Rows {
  /** A copy of the float64 at an address. */
  readonly sumsAt: (address: number) => Float64Array;
  /** Puts float32 at an address. */
  readonly write: (address: number, values: Float64Array) => void;
}

type ThreeAddresses = [first: number, second: number, third: number];

function withRows(channels: number, work: (addresses: ThreeAddresses, rows: Rows) => void): void {
  const { withScratch, view } = simd()!;
  const bytes = 8 * (channels + 4); // the kernels take four channels at a time
  withScratch(3 * bytes, (start) =>
    work([start, start + bytes, start + 2 * bytes], {
      sumsAt: (address) => view(Float64Array, address, channels).slice(),
      write: (address, values) => view(Float32Array, address, channels).set(values),
    }),
  );
}
