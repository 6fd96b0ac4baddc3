// picture, gradient of its convolution → gradient of the filters

import * as tf from '@tensorflow/tfjs-core';
import { PatchMatrix } from './backends/host/patches.ts';
import { matMul } from './backends/matMul.ts';
import { simdFilterGradient } from './backends/simd/conv2d.ts';
import { simd } from './backends/simd/simd.ts';
import { webgpuFilterGradient } from './backends/webgpu/conv2dFilterGradient.ts';
import { convolutionShape, type Padding, type Strides } from './padding.ts';
import { hostTensor, hostValues, onHost } from './tfjs/hostMemory.ts';
import { onWebgpu } from './tfjs/webgpuProgram.ts';

/** Bytes of patches that are laid out at a time: larger blocks leave the cache, smaller ones make more calls. */
const PATCH_BLOCK_BYTES = 8 * 2 ** 20;

/**
 * The gradient of a convolution with respect to its filters: dW = P·dy with the patch matrix P. On host backends without SIMD
 * P is laid out such that the product is a plain one.
 *
 * @param x [batch, height, width, inChannels]
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @returns [filterHeight, filterWidth, inChannels, outChannels]
 */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: [number, number, number, number],
  strides: Strides,
  padding: Padding,
): tf.Tensor4D {
  const shape = convolutionShape(x.shape, filterShape, strides, padding);
  if (onWebgpu()) return webgpuFilterGradient(x, dy, shape);
  if (!onHost()) return stockFilterGradient(x, dy, filterShape, strides, padding);
  const engine = simd();
  if (engine) return simdFilterGradient(engine, x, dy, shape);
  const { batch, height, width, channels, outChannels } = shape;
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
  return tf.tensor4d(Float32Array.from(total), filterShape);
}

/** One picture's dy → the rows of the second factor from `to` on, 0 at positions beyond the output's width. */
function writeGradients(
  dy: Float32Array,
  picture: number,
  gradients: Float32Array,
  to: number,
  outChannels: number,
  { geometry: { outHeight, outWidth }, lineLength }: PatchMatrix,
): void {
  const line = outWidth * outChannels;
  const wholeLine = lineLength * outChannels;
  for (let oy = 0; oy < outHeight; oy++) {
    const from = (picture * outHeight + oy) * line;
    const start = to + oy * wholeLine;
    gradients.set(dy.subarray(from, from + line), start);
    gradients.fill(0, start + line, start + wholeLine);
  }
}

function stockFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: [number, number, number, number],
  strides: Strides,
  padding: Padding,
): tf.Tensor4D {
  const attributes = { strides: [...strides], pad: padding, dataFormat: 'NHWC', dimRoundingMode: null, filterShape };
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attributes as unknown as tf.NamedAttrMap);
}
