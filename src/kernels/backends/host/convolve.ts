// feature maps × filters → feature maps, as a product of the patch matrix and the filters: six times as fast as tfjs' loops on `cpu`

import type * as tf from '@tensorflow/tfjs-core';
import type { Convolve } from '../../signatures/conv2d.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { PatchMatrix } from './patches.ts';
import { multiply } from './product.ts';

/** The bare convolution where tensors are in main memory. */
export const hostConvolve: Convolve = (x, filter, strides, border) => {
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
};
