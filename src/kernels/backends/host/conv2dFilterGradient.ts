// feature maps, gradient of their convolution → gradient of the filters, in a product of matrices in main memory

import * as tf from '@tensorflow/tfjs-core';
import type { FilterGradient } from '../../signatures/conv2d.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { matMul } from '../matMul.ts';
import { PatchMatrix } from './patches.ts';

/** Bytes of patches that are laid out at a time: larger blocks leave the cache, smaller ones make more calls. */
const PATCH_BLOCK_BYTES = 8 * 2 ** 20;

/** The gradient by the filters: the patch matrix is laid out such that the product is a plain one. */
export const hostFilterGradient: FilterGradient = (x, dy, shape) => {
  const { batch, height, width, channels, filterHeight, filterWidth, outChannels } = shape;
  const patchMatrix = new PatchMatrix(shape);
  const { rows, positions } = patchMatrix;
  const block = Math.max(1, Math.min(batch, Math.floor(PATCH_BLOCK_BYTES / (4 * rows * positions))));

  const total = new Float64Array(rows * outChannels);
  for (let first = 0; first < batch; first += block) {
    const count = Math.min(block, batch - first);
    tf.tidy(() => {
      const patches = hostTensor<tf.Rank.R2>([rows, count * positions]);
      const gradients = hostTensor<tf.Rank.R2>([count * positions, outChannels]);
      const [xs, dys, patchValues, gradientValues] = hostValues(x, dy, patches, gradients);
      for (let n = 0; n < count; n++) {
        const start = (first + n) * height * width * channels;
        patchMatrix.write(xs, start, patchValues, n * positions, count * positions);
        writeGradients(dys, first + n, gradientValues, n * positions * outChannels, outChannels, patchMatrix);
      }
      const product = matMul(patches, gradients);
      const [values] = hostValues(product);
      for (let i = 0; i < total.length; i++) total[i]! += values[i]!;
    });
  }
  return tf.tensor4d(Float32Array.from(total), [filterHeight, filterWidth, channels, outChannels]);
};

/** One example's dy → the rows of the second factor from `to` on, 0 at positions beyond the output's width. */
function writeGradients(
  dy: Float32Array,
  example: number,
  gradients: Float32Array,
  to: number,
  outChannels: number,
  { geometry: { outHeight, outWidth }, lineLength }: PatchMatrix,
): void {
  const line = outWidth * outChannels;
  const wholeLine = lineLength * outChannels;
  for (let oy = 0; oy < outHeight; oy++) {
    const from = (example * outHeight + oy) * line;
    const start = to + oy * wholeLine;
    gradients.set(dy.subarray(from, from + line), start);
    gradients.fill(0, start + line, start + wholeLine);
  }
}
