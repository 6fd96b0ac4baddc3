// picture × filters → picture, and its gradients, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import { hostTensor } from '../hostMemory.ts';
import type { ConvolutionShape } from '../padding.ts';
import type { Simd } from './simd.ts';

/** The convolution; bias and ReLU come before its sums leave the cache. */
export function simdConv2d(
  simd: Simd,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  rectify: boolean,
  shape: ConvolutionShape,
): tf.Tensor4D {
  const { run, at, withScratch } = simd;
  const { batch, height, width, channels, top, left, filterHeight, filterWidth, outHeight, outWidth } = shape;
  const { strides, outChannels } = shape;
  const y = hostTensor<tf.Rank.R4>([batch, outHeight, outWidth, outChannels]);
  const scratchBytes = run.conv2dScratch(
    channels,
    filterHeight,
    filterWidth,
    ...strides,
    outHeight,
    outWidth,
    outChannels,
  );
  withScratch(scratchBytes, (scratch) => {
    run.conv2d(
      ...[at(x), batch, height, width, channels, top, left, 1, 1],
      ...[at(filter), filterHeight, filterWidth, false, ...strides],
      ...[bias ? at(bias) : 0, rectify],
      ...[at(y), outHeight, outWidth, outChannels, scratch],
    );
  });
  return y;
}

/** The gradient by the input: a convolution of dy by the turned filters, with zeros between its lines where there are strides. */
export function simdInputGradient(
  simd: Simd,
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  shape: ConvolutionShape,
): tf.Tensor4D {
  const { run, at, withScratch } = simd;
  const { batch, height, width, channels, top, left, filterHeight, filterWidth, outHeight, outWidth } = shape;
  const { strides, outChannels } = shape;
  const dx = hostTensor<tf.Rank.R4>([batch, height, width, channels]);
  withScratch(run.conv2dScratch(outChannels, filterHeight, filterWidth, 1, 1, height, width, channels), (scratch) => {
    run.conv2d(
      ...[at(dy), batch, outHeight, outWidth, outChannels, filterHeight - 1 - top, filterWidth - 1 - left, ...strides],
      ...[at(filter), filterHeight, filterWidth, true, 1, 1],
      ...[0, false],
      ...[at(dx), height, width, channels, scratch],
    );
  });
  return dx;
}

/** The gradient by the filters. */
export function simdFilterGradient(simd: Simd, x: tf.Tensor4D, dy: tf.Tensor4D, shape: ConvolutionShape): tf.Tensor4D {
  const { run, at, withScratch } = simd;
  const { batch, height, width, channels, top, left, filterHeight, filterWidth, outHeight, outWidth } = shape;
  const { strides, outChannels } = shape;
  const gradient = hostTensor<tf.Rank.R4>([filterHeight, filterWidth, channels, outChannels]);
  const sizes = [channels, filterHeight, filterWidth, ...strides, outHeight, outWidth, outChannels];
  withScratch(run.conv2dFilterGradientScratch(...sizes), (scratch) => {
    run.conv2dFilterGradient(
      ...[at(x), batch, height, width, channels, top, left, filterHeight, filterWidth, ...strides],
      ...[at(dy), outHeight, outWidth, outChannels, at(gradient), scratch],
    );
  });
  return gradient;
}
