// activations → activations of mean 0 and deviation 1 a channel, scaled, shifted, and rectified where asked for
//
// Composed of stock operations this takes some fifteen passes over the activations, more time than the convolution
// before it. On host backends it is two passes forward and two back.

import * as tf from '@tensorflow/tfjs-core';
import { simdBatchNorm, simdBatchNormGradient } from './backends/simd/batchNorm.ts';
import { simd } from './backends/simd/simd.ts';
import { webgpuBatchNorm, webgpuBatchNormGradient } from './backends/webgpu/batchNorm.ts';
import { defineOperation } from './operation.ts';
import { bitsOf, hostTensor, hostValues, onHost } from './tfjs/hostMemory.ts';
import { onWebgpu } from './tfjs/webgpuProgram.ts';

/** How batch normalisation runs. */
export interface BatchNormAttributes {
  /** Added to the variance, so that a constant channel does not divide by zero. */
  readonly epsilon: number;
  /** Whether negative results become 0 (ReLU), in the same pass. */
  readonly rectify: boolean;
}

/** Tensors of a batch normalisation. */
export interface BatchNormInputs extends tf.NamedTensorMap {
  /** [..., channels] */
  readonly x: tf.Tensor;
  /** [channels] */
  readonly gamma: tf.Tensor1D;
  /** [channels] */
  readonly beta: tf.Tensor1D;
}

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
  forward: (inputs, attributes) => {
    const engine = simd();
    if (engine) return simdBatchNorm(engine, inputs, attributes);
    if (onWebgpu()) return webgpuBatchNorm(inputs, attributes);
    return onHost() ? hostForward(inputs, attributes) : composedForward(inputs, attributes);
  },
  gradient: ([dy], [x, gamma, y, mean, variance], attributes) => {
    const gradient = gradientOfBackend();
    const [dx, dGamma, dBeta] = gradient(dy!, x!, gamma!, y!, mean!, variance!, attributes);
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
});

function gradientOfBackend(): BatchNormGradient {
  const engine = simd();
  if (engine) return simdBatchNormGradient(engine);
  if (onWebgpu()) return webgpuBatchNormGradient;
  return onHost() ? hostGradient : composedGradient;
}

function hostForward({ x, gamma, beta }: BatchNormInputs, { epsilon, rectify }: BatchNormAttributes): tf.Tensor[] {
  const channels = gamma.size;
  const count = x.size / channels;
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
  const scale = new Float64Array(channels);
  const shift = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const offset = sums[c]! / count;
    means[c] = xs[c]! + offset;
    variances[c] = Math.max(0, squares[c]! / count - offset * offset);
    scale[c] = gammas[c]! / Math.sqrt(variances[c]! + epsilon);
    shift[c] = betas[c]! - means[c]! * scale[c]!;
  }
  forTiles(xs.length, channels, (start, end, c) => {
    const factor = scale[c]!;
    const offset = shift[c]!;
    for (let i = start; i < end; i += channels) {
      const value = xs[i]! * factor + offset;
      ys[i] = rectify ? (value + Math.abs(value)) / 2 : value; // max(0, value), without a branch
    }
  });
  return [y, mean, variance];
}

/** The gradients of an implementation. */
export type BatchNormGradient = (
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
  y: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  attributes: BatchNormAttributes,
) => [dx: tf.Tensor, dGamma: tf.Tensor, dBeta: tf.Tensor];

const hostGradient: BatchNormGradient = (dy, x, gamma, y, mean, variance, { epsilon, rectify }) => {
  const channels = gamma.size;
  const count = x.size / channels;
  const dx = hostTensor(x.shape);
  const dGamma = hostTensor<tf.Rank.R1>([channels]);
  const dBeta = hostTensor<tf.Rank.R1>([channels]);
  const [dys, xs, gammas, ys, means, variances, dxs, dGammas, dBetas] = hostValues(
    ...([dy, x, gamma, y, mean, variance, dx, dGamma, dBeta] as const),
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
  // dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)), written as scale·dy + slope·x + constant.
  const scale = new Float64Array(channels);
  const slope = new Float64Array(channels);
  const constant = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const inverse = 1 / Math.sqrt(variances[c]! + epsilon);
    dGammas[c] = products[c]! * inverse;
    dBetas[c] = sums[c]!;
    scale[c] = gammas[c]! * inverse;
    slope[c] = (-scale[c]! * inverse * inverse * products[c]!) / count;
    constant[c] = (-scale[c]! * sums[c]!) / count - slope[c]! * means[c]!;
  }
  forTiles(xs.length, channels, (start, end, c) => {
    const [a, b, d] = [scale[c]!, slope[c]!, constant[c]!];
    for (let i = start; i < end; i += channels) dxs[i] = a * passed[i]! + b * xs[i]! + d;
  });
  return [dx, dGamma, dBeta];
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

function composedForward({ x, gamma, beta }: BatchNormInputs, { epsilon, rectify }: BatchNormAttributes): tf.Tensor[] {
  const { mean, variance } = tf.moments(x, batchAxes(x));
  const y = normalize(x, gamma, beta, mean, variance, epsilon);
  return [rectify ? tf.relu(y) : y, mean, variance];
}

const composedGradient: BatchNormGradient = (dy, x, gamma, y, mean, variance, { epsilon, rectify }) =>
  tf.tidy(() => {
    const axes = batchAxes(x);
    const inverse = tf.rsqrt(tf.add(variance, epsilon)); // [channels]
    const normalized = tf.mul(tf.sub(x, mean), inverse);
    const passed = rectify ? tf.mul(dy, tf.step(y)) : dy;
    const dGamma = tf.sum(tf.mul(passed, normalized), axes);
    const dBeta = tf.sum(passed, axes);
    const count = x.size / gamma.size;
    const centered = tf.sub(passed, tf.div(tf.add(tf.mul(normalized, dGamma), dBeta), count));
    return [tf.mul(centered, tf.mul(gamma, inverse)), dGamma, dBeta] as never;
  });

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
