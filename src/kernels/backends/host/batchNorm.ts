// activations → normalised activations, and back, in loops over typed arrays
//
// Composed of stock operations this takes some fifteen passes over the activations, more time than the convolution before it.
// Here it is two passes forward and two back.

import type * as tf from '@tensorflow/tfjs-core';
import type { BatchNormImplementation } from '../../signatures/batchNorm.ts';
import { bitsOf, hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { momentsOf, slopesOf } from '../batchMoments.ts';

/** Batch normalisation where tensors are in main memory. */
export const hostBatchNorm: BatchNormImplementation = {
  forward({ x, gamma, beta }, { epsilon, rectify, addUp }) {
    const channels = gamma.size;
    const rows = x.size / channels;
    const y = hostTensor(x.shape);
    const mean = hostTensor<tf.Rank.R1>([channels]);
    const variance = hostTensor<tf.Rank.R1>([channels]);
    const [xs, gammas, betas, ys, means, variances] = hostValues(x, gamma, beta, y, mean, variance);

    // Sums about the first row: without it the sum of squares would cancel where the mean is far from 0.
    const sums = new Float64Array(channels);
    const squares = new Float64Array(channels);
    forTiles(xs.length, channels, (start, end, c) => {
      const origin = xs[c]!;
      let sum = 0;
      let square = 0;
      for (let i = start; i < end; i += channels) {
        const value = xs[i]! - origin;
        sum += value;
        square += value * value;
      }
      sums[c]! += sum;
      squares[c]! += square;
    });
    const moments = momentsOf({ rows, origin: xs, sums, squares }, addUp);
    means.set(moments.mean);
    variances.set(moments.variance);
    const scale = Float64Array.from(gammas, (gamma, c) => gamma / Math.sqrt(variances[c]! + epsilon));
    const shift = Float64Array.from(betas, (beta, c) => beta - means[c]! * scale[c]!);
    forTiles(xs.length, channels, (start, end, c) => {
      const factor = scale[c]!;
      const offset = shift[c]!;
      for (let i = start; i < end; i += channels) {
        const value = xs[i]! * factor + offset;
        ys[i] = rectify ? (value + Math.abs(value)) / 2 : value; // max(0, value), without a branch
      }
    });
    return [y, mean, variance];
  },

  gradient([dy], { x, gamma }, [y, mean, variance], { epsilon, rectify, addUp }) {
    const channels = gamma.size;
    const rows = x.size / channels;
    const dx = hostTensor(x.shape);
    const dGamma = hostTensor<tf.Rank.R1>([channels]);
    const dBeta = hostTensor<tf.Rank.R1>([channels]);
    const [dys, xs, gammas, ys, means, variances, dxs, dGammas, dBetas] = hostValues(
      ...([dy!, x, gamma, y!, mean!, variance!, dx, dGamma, dBeta] as const),
    );

    const passed = rectify ? maskRectified(dys, ys, dxs) : dys;
    const sums = new Float64Array(channels); // of dy
    const products = new Float64Array(channels); // of dy · (x − mean)
    forTiles(xs.length, channels, (start, end, c) => {
      const origin = means[c]!;
      let sum = 0;
      let product = 0;
      for (let i = start; i < end; i += channels) {
        const value = passed[i]!;
        sum += value;
        product += value * (xs[i]! - origin);
      }
      sums[c]! += sum;
      products[c]! += product;
    });
    const slopes = slopesOf({ rows, sums, products, gamma: gammas, variance: variances }, epsilon, addUp);
    dGammas.set(slopes.dGamma);
    dBetas.set(slopes.dBeta);
    forTiles(xs.length, channels, (start, end, c) => {
      const [a, b] = [slopes.scale[c]!, slopes.slope[c]!];
      const d = slopes.constant[c]! - b * means[c]!;
      for (let i = start; i < end; i += channels) dxs[i] = a * passed[i]! + b * xs[i]! + d;
    });
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
};

/**
 * Calls `run(start, end, c)` for every channel of every few rows: those rows stay in the cache while it goes through them
 * channel by channel, with its sums in registers (five times as fast as going through rows with an array of sums).
 */
function forTiles(length: number, channels: number, run: (start: number, end: number, channel: number) => void): void {
  const tile = 64 * channels;
  for (let start = 0; start < length; start += tile) {
    const end = Math.min(length, start + tile);
    for (let c = 0; c < channels; c++) run(start + c, end, c);
  }
}

/**
 * `dy` where y > 0, 0 elsewhere, written to `target`. Which ones are positive is as good as random, and a branch taken at
 * random costs more than all the arithmetic here: so a mask is made of the bits of y, which is 0 or positive.
 */
function maskRectified(dy: Float32Array, y: Float32Array, target: Float32Array): Float32Array {
  const [dyBits, yBits, targetBits] = [bitsOf(dy), bitsOf(y), bitsOf(target)];
  for (let i = 0; i < dyBits.length; i++) targetBits[i] = dyBits[i]! & (-yBits[i]! >> 31);
  return target;
}
