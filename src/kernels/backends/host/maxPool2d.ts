// feature maps → the largest value of each window, and back, in loops over typed arrays

import * as tf from '@tensorflow/tfjs-core';
import type { Strides } from '../../padding.ts';
import type { MaxPool2dImplementation } from '../../signatures/maxPool2d.ts';
import { bitsOf, hostTensor, hostValues } from '../../tfjs/hostMemory.ts';

/** Max pooling where tensors are in main memory; forward, the stock kernel is as fast. */
export const hostMaxPool2d: MaxPool2dImplementation = {
  forward: ({ x }, { size }) => [tf.maxPool(x, [...size], [...size], 'same')],
  gradient: ([dy], { x }, [y], { size }) => ({ x: () => inputGradient(dy!, x, y!, size) }),
};

/** The gradient goes to the first of a window's inputs that equals its maximum. */
function inputGradient(dy: tf.Tensor, x: tf.Tensor4D, y: tf.Tensor, size: Strides): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [, outHeight, outWidth] = y.shape as [number, number, number, number];
  // 'same' padding puts the smaller half before the first input.
  const top = (outHeight * size[0] - height) >> 1;
  const left = (outWidth * size[1] - width) >> 1;
  const give = size[0] <= 2 && size[1] <= 2 ? giveToFirstOfFour : giveToFirst;
  const dx = hostTensor<tf.Rank.R4>(x.shape);
  const [dys, xs, ys, dxs] = hostValues(dy, x, y, dx);
  const [xBits, yBits] = [bitsOf(xs), bitsOf(ys)];
  dxs.fill(0);
  for (let n = 0, out = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const firstY = Math.max(0, oy * size[0] - top);
      const lines = Math.min(height, (oy + 1) * size[0] - top) - firstY;
      for (let ox = 0; ox < outWidth; ox++, out += channels) {
        const firstX = Math.max(0, ox * size[1] - left);
        const columns = Math.min(width, (ox + 1) * size[1] - left) - firstX;
        const start = ((n * height + firstY) * width + firstX) * channels;
        give(start, lines, columns, width * channels, channels, xBits, yBits, dys, dxs, out);
      }
    }
  }
  return dx;
}

/** 1 where the bits differ, 0 where they are equal, without a branch: which input is the largest cannot be predicted. */
function differ(a: number, b: number): number {
  const bits = a ^ b;
  return (bits | -bits) >>> 31;
}

/** One window, all channels: `start` is its first input, `line` the distance from an input to the one below it. */
function giveToFirst(
  start: number,
  lines: number,
  columns: number,
  line: number,
  channels: number,
  xBits: Int32Array,
  yBits: Int32Array,
  dys: Float32Array,
  dxs: Float32Array,
  out: number,
): void {
  for (let c = 0; c < channels; c++) {
    const largest = yBits[out + c]!;
    let found = start;
    for (let row = lines - 1; row >= 0; row--) {
      for (let column = columns - 1; column >= 0; column--) {
        const here = start + row * line + column * channels;
        found = here + differ(xBits[here + c]!, largest) * (found - here);
      }
    }
    dxs[found + c] = dys[out + c]!;
  }
}

/** The same for windows of up to 2 × 2, the usual ones, in half the time. */
function giveToFirstOfFour(
  start: number,
  lines: number,
  columns: number,
  line: number,
  channels: number,
  xBits: Int32Array,
  yBits: Int32Array,
  dys: Float32Array,
  dxs: Float32Array,
  out: number,
): void {
  // In a smaller window some of the four are the same input, which changes nothing.
  const right = (columns - 1) * channels;
  const below = (lines - 1) * line;
  for (let c = 0; c < channels; c++) {
    const largest = yBits[out + c]!;
    const i = start + c;
    const notFirst = differ(xBits[i]!, largest);
    const notSecond = differ(xBits[i + right]!, largest);
    const notThird = differ(xBits[i + below]!, largest);
    dxs[i + notFirst * (right + notSecond * (below - right + notThird * right))] = dys[out + c]!;
  }
}
