// feature maps → largest values of overlapping windows, filtered and thinned out, and back, in loops over typed arrays

import type * as tf from '@tensorflow/tfjs-core';
import type { Strides } from '../../padding.ts';
import type { MaxBlurPool2dImplementation } from '../../signatures/maxBlurPool2d.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { triangularFilter } from '../triangularFilter.ts';

/** Anti-aliased max pooling where tensors are in main memory, for windows of any size. */
export const hostMaxBlurPool2d: MaxBlurPool2dImplementation = {
  forward({ x }, { size }) {
    const shape = shapeOf(x, size);
    const { batch, channels, rows, columns, items, outItems } = shape;
    const y = hostTensor<tf.Rank.R4>([batch, rows.outputs, columns.outputs, channels]);
    const [xs, ys] = hostValues(x, y);
    ys.fill(0);
    const maxima = new Float32Array(rows.windows * columns.windows * channels);
    for (let n = 0; n < batch; n++) {
      const item = xs.subarray(n * items, (n + 1) * items);
      const out = ys.subarray(n * outItems, (n + 1) * outItems);
      eachMaximum(item, shape, (window, largest) => {
        maxima[window] = item[largest]!;
      });
      eachWeight(shape, (output, window, weight) => {
        for (let c = 0; c < channels; c++) out[output + c]! += weight * maxima[window + c]!;
      });
    }
    return [y];
  },

  gradient: ([dy], { x }, _results, { size }) => ({
    x() {
      const shape = shapeOf(x, size);
      const { batch, channels, rows, columns, items, outItems } = shape;
      const dx = hostTensor<tf.Rank.R4>(x.shape);
      const [dys, xs, dxs] = hostValues(dy!, x, dx);
      dxs.fill(0);
      const dMaxima = new Float32Array(rows.windows * columns.windows * channels);
      for (let n = 0; n < batch; n++) {
        const dOut = dys.subarray(n * outItems, (n + 1) * outItems);
        const dItem = dxs.subarray(n * items, (n + 1) * items);
        dMaxima.fill(0);
        eachWeight(shape, (output, window, weight) => {
          for (let c = 0; c < channels; c++) dMaxima[window + c]! += weight * dOut[output + c]!;
        });
        eachMaximum(xs.subarray(n * items, (n + 1) * items), shape, (window, largest) => {
          dItem[largest]! += dMaxima[window]!;
        });
      }
      return dx;
    },
  }),
};

type Shape = ReturnType<typeof shapeOf>;

function shapeOf({ shape: [batch, height, width, channels] }: tf.Tensor4D, size: Strides) {
  const [rows, columns] = [triangularFilter(height, size[0]), triangularFilter(width, size[1])];
  const outItems = rows.outputs * columns.outputs * channels;
  return { batch, height, width, channels, size, rows, columns, items: height * width * channels, outItems };
}

/** Visits the windows of one item with where the first of their largest inputs is. */
function eachMaximum(
  x: Float32Array,
  { height, width, channels, size, rows, columns }: Shape,
  visit: (window: number, largest: number) => void,
): void {
  let window = 0;
  for (let row = 0; row < rows.windows; row++) {
    const [top, bottom] = [Math.max(0, row - size[0] + 1), Math.min(height - 1, row)];
    for (let column = 0; column < columns.windows; column++) {
      const [left, right] = [Math.max(0, column - size[1] + 1), Math.min(width - 1, column)];
      for (let c = 0; c < channels; c++) {
        let largest = (top * width + left) * channels + c;
        for (let i = top; i <= bottom; i++) {
          for (let j = left; j <= right; j++) {
            const here = (i * width + j) * channels + c;
            if (x[here]! > x[largest]!) largest = here;
          }
        }
        visit(window++, largest);
      }
    }
  }
}

/** Visits the weights of the filter in both directions, with where the outputs and windows of all channels start. */
function eachWeight(
  { channels, rows, columns }: Shape,
  visit: (output: number, window: number, weight: number) => void,
): void {
  for (let i = 0; i < rows.outputs; i++) {
    for (let k = 0; k < rows.length; k++) {
      const down = rows.weights[i * rows.length + k]!;
      if (down === 0) continue;
      const row = (rows.first(i) + k) * columns.windows;
      for (let j = 0; j < columns.outputs; j++) {
        for (let l = 0; l < columns.length; l++) {
          const weight = down * columns.weights[j * columns.length + l]!;
          if (weight === 0) continue;
          visit((i * columns.outputs + j) * channels, (row + columns.first(j) + l) * channels, weight);
        }
      }
    }
  }
}
