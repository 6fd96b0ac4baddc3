// picture → the largest value of each window, and back, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import { leadingPadding, outputSize, type Strides } from '../../padding.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import type { Simd } from './simd.ts';

/** Pools over windows that do not overlap. */
export function simdMaxPool2d({ run, at }: Simd, x: tf.Tensor4D, size: Strides): tf.Tensor4D {
  const { batch, channels, outHeight, outWidth, sizes } = poolShape(x, size);
  const y = hostTensor<tf.Rank.R4>([batch, outHeight, outWidth, channels]);
  run.maxPool2dForward(at(x), ...sizes, at(y), outHeight, outWidth);
  return y;
}

/** The gradient by the input. */
export function simdMaxPool2dGradient(
  { run, at }: Simd,
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  y: tf.Tensor4D,
  size: Strides,
): tf.Tensor4D {
  const { outHeight, outWidth, sizes } = poolShape(x, size);
  const dx = hostTensor<tf.Rank.R4>(x.shape);
  run.maxPool2dBackward(at(dy), at(x), at(y), ...sizes, outHeight, outWidth, at(dx));
  return dx;
}

function poolShape(x: tf.Tensor4D, size: Strides) {
  const [batch, height, width, channels] = x.shape;
  const outHeight = outputSize(height, size[0], size[0], 'same')!;
  const outWidth = outputSize(width, size[1], size[1], 'same')!;
  const top = leadingPadding(height, outHeight, size[0], size[0], 'same');
  const left = leadingPadding(width, outWidth, size[1], size[1], 'same');
  return { batch, channels, outHeight, outWidth, sizes: [batch, height, width, channels, ...size, top, left] };
}
