// feature maps × filters → feature maps, and its gradients, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionShape } from '../../padding.ts';
import type { Convolution, FilterGradient, InputGradient } from '../../signatures/conv2d.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { simd } from './simd.ts';

/** The convolution; bias and ReLU come before its sums leave the cache. */
export const simdConv2d: Convolution = (x, filter, bias, rectify, shape) => {
  const { run, at, withScratch } = simd()!;
  const { batch, height, width, channels, top, left, filterHeight, filterWidth, outHeight, outWidth } = shape;
  const { strides, outChannels } = shape;
  const y = hostTensor<tf.Rank.R4>([batch, outHeight, outWidth, outChannels]);
  const input = [at(x), batch, height, width, channels, top, left];
  const finish = [bias ? at(bias) : 0, rectify];
  const result = [at(y), outHeight, outWidth, outChannels];
  if (suitsWinograd(shape)) {
    withScratch(run.winogradScratch(batch, channels, outHeight, outWidth, outChannels), (scratch) => {
      run.winogradConv2d(...input, at(filter), false, ...finish, ...result, scratch);
    });
    return y;
  }
  const sizes = [channels, filterHeight, filterWidth, ...strides, outHeight, outWidth, outChannels];
  withScratch(run.conv2dScratch(...sizes), (scratch) => {
    const filters = [at(filter), filterHeight, filterWidth, false, ...strides];
    run.conv2d(...input, 1, 1, ...filters, ...finish, ...result, scratch);
  });
  return y;
};

/** The gradient by the input: a convolution of dy by the flipped filters, with zeros between its lines where there are strides. */
export const simdInputGradient: InputGradient = (dy, filter, shape) => {
  const { run, at, withScratch } = simd()!;
  const { batch, height, width, channels, filterHeight, filterWidth, outHeight, outWidth } = shape;
  const { strides, outChannels } = shape;
  const dx = hostTensor<tf.Rank.R4>([batch, height, width, channels]);
  const border = [filterHeight - 1 - shape.top, filterWidth - 1 - shape.left];
  const input = [at(dy), batch, outHeight, outWidth, outChannels, ...border];
  const result = [at(dx), height, width, channels];
  if (suitsWinograd(shape)) {
    withScratch(run.winogradScratch(batch, outChannels, height, width, channels), (scratch) => {
      run.winogradConv2d(...input, at(filter), true, 0, false, ...result, scratch);
    });
    return dx;
  }
  withScratch(run.conv2dScratch(outChannels, filterHeight, filterWidth, 1, 1, height, width, channels), (scratch) => {
    const filters = [at(filter), filterHeight, filterWidth, true, 1, 1];
    run.conv2d(...input, ...strides, ...filters, 0, false, ...result, scratch);
  });
  return dx;
};

/** The gradient by the filters. */
export const simdFilterGradient: FilterGradient = (x, dy, shape) => {
  const { run, at, withScratch } = simd()!;
  const { batch, height, width, channels, top, left, filterHeight, filterWidth, outHeight, outWidth } = shape;
  const { strides, outChannels } = shape;
  const gradient = hostTensor<tf.Rank.R4>([filterHeight, filterWidth, channels, outChannels]);
  const input = [at(x), batch, height, width, channels, top, left];
  const gradients = [at(dy), outHeight, outWidth, outChannels, at(gradient)];
  if (suitsWinograd(shape)) {
    withScratch(run.winogradScratch(batch, channels, outHeight, outWidth, outChannels), (scratch) => {
      run.winogradFilterGradient(...input, ...gradients, scratch);
    });
    return gradient;
  }
  const sizes = [channels, filterHeight, filterWidth, ...strides, outHeight, outWidth, outChannels];
  withScratch(run.conv2dFilterGradientScratch(...sizes), (scratch) => {
    run.conv2dFilterGradient(...input, filterHeight, filterWidth, ...strides, ...gradients, scratch);
  });
  return gradient;
};

/** With few channels, Winograd's transforms cost more than the multiplications that they save. */
const WINOGRAD_CHANNELS = 8;

function suitsWinograd({ filterHeight, filterWidth, strides, channels, outChannels }: ConvolutionShape): boolean {
  const square = filterHeight === 3 && filterWidth === 3 && strides[0] === 1 && strides[1] === 1;
  return square && Math.min(channels, outChannels) >= WINOGRAD_CHANNELS;
}
