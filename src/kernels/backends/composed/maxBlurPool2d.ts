// feature maps → largest values of overlapping windows, filtered and thinned out, and back, by stock kernels

import * as tf from '@tensorflow/tfjs-core';
import type { Strides } from '../../padding.ts';
import type { MaxBlurPool2dImplementation } from '../../signatures/maxBlurPool2d.ts';
import { triangularFilter } from '../triangularFilter.ts';

/** Below every input; an infinity would not pass every shader. */
const LOWEST = -3.4e38;

/** Anti-aliased max pooling on every backend that has the stock gradient of max pooling, which is all but `wasm`. */
export const composedMaxBlurPool2d: MaxBlurPool2dImplementation = {
  forward({ x }, { size }) {
    const [batch, height, width, channels] = x.shape;
    const { rows, columns, outHeight, outWidth } = filters(x, size);
    const maxima = tf.maxPool(padded(x, size), [...size], 1, 'valid'); // [batch, windows, windows, channels]
    const across = tf.matMul(
      columns,
      tf.reshape(maxima, [batch * (height + size[0] - 1), width + size[1] - 1, channels]),
    );
    const y = tf.matMul(rows, tf.reshape(across, [batch, height + size[0] - 1, outWidth * channels]));
    return [tf.reshape(y, [batch, outHeight, outWidth, channels])];
  },

  gradient: ([dy], { x }, _results, { size }) => ({
    x: () =>
      tf.tidy(() => {
        const [batch, height, width, channels] = x.shape;
        const { rows, columns, outHeight, outWidth } = filters(x, size);
        const down = tf.matMul(rows, tf.reshape(dy!, [batch, outHeight, outWidth * channels]), true);
        const dMaxima = tf.matMul(
          columns,
          tf.reshape(down, [batch * (height + size[0] - 1), outWidth, channels]),
          true,
        );
        const input = padded(x, size);
        const output = tf.maxPool(input, [...size], 1, 'valid');
        const inputs = { dy: tf.reshape(dMaxima, output.shape), input, output };
        const attributes = { filterSize: [...size], strides: 1, pad: 'valid', dimRoundingMode: undefined };
        const dPadded = tf
          .engine()
          .runKernel<tf.Tensor4D>('MaxPoolGrad', inputs, attributes as unknown as tf.NamedAttrMap);
        return tf.slice(dPadded, [0, size[0] - 1, size[1] - 1, 0], [batch, height, width, channels]);
      }),
  }),
};

/** With a border in which every window that has an input within the map is whole. */
function padded(x: tf.Tensor4D, [height, width]: Strides): tf.Tensor4D {
  return tf.pad(
    x,
    [
      [0, 0],
      [height - 1, height - 1],
      [width - 1, width - 1],
      [0, 0],
    ],
    LOWEST,
  );
}

/** The filters as matrices, [1, outputs, windows]. */
function filters(x: tf.Tensor4D, size: Strides) {
  const [rows, columns] = [triangularFilter(x.shape[1], size[0]), triangularFilter(x.shape[2], size[1])];
  const matrixOf = ({ windows, outputs, length, first, weights }: ReturnType<typeof triangularFilter>) => {
    const matrix = new Float32Array(outputs * windows);
    for (let output = 0; output < outputs; output++) {
      for (let k = 0; k < length; k++) {
        const weight = weights[output * length + k]!;
        if (weight > 0) matrix[output * windows + first(output) + k] = weight;
      }
    }
    return tf.tensor3d(matrix, [1, outputs, windows]);
  };
  return { rows: matrixOf(rows), columns: matrixOf(columns), outHeight: rows.outputs, outWidth: columns.outputs };
}
