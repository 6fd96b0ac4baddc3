// matrix × matrix → matrix, for use within operations

import * as tf from '@tensorflow/tfjs-core';
import { hostTensor, hostValues, onHost } from './hostMemory.ts';
import { multiply } from './product.ts';

/**
 * a·b by the fastest plain product of the backend; not on the gradient tape by itself. Transpose what has to be
 * transposed before: on wasm, `tf.matMul` with `transposeA` or `transposeB` is fifty times slower.
 *
 * @param a [rows, inner]
 * @param b [inner, columns]
 * @returns [rows, columns]
 */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (tf.getBackend() !== 'cpu') return tf.matMul(a, b);
  const [rows, inner] = a.shape;
  return multiplied(a, b, { rows, inner, aRowStep: inner, aStep: 1 });
}

/**
 * aᵀ·b, for gradients of weights, in the same way.
 *
 * @param a [inner, rows]
 * @param b [inner, columns]
 * @returns [rows, columns]
 */
export function matMulTransposed(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (tf.getBackend() !== 'cpu') return tf.tidy(() => tf.matMul(tf.transpose(a), b));
  const [inner, rows] = a.shape;
  return multiplied(a, b, { rows, inner, aRowStep: 1, aStep: rows });
}

function multiplied(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  layout: { rows: number; inner: number; aRowStep: number; aStep: number },
): tf.Tensor2D {
  const columns = b.shape[1];
  if (b.shape[0] !== layout.inner) throw new RangeError(`Cannot multiply: [${a.shape}] and [${b.shape}] do not fit`);
  const product = hostTensor<tf.Rank.R2>([layout.rows, columns]);
  const [aValues, bValues, values] = hostValues(a, b, product);
  multiply(aValues, bValues, values, { ...layout, columns });
  return product;
}

/** Sums over the rows of a matrix, [rows, columns] → [columns]; on host backends in one pass, in float64. */
export function sumRows(matrix: tf.Tensor2D): tf.Tensor1D {
  if (!onHost()) return tf.sum(matrix, 0);
  const columns = matrix.shape[1];
  const sum = hostTensor<tf.Rank.R1>([columns]);
  const [values, sums] = hostValues(matrix, sum);
  const totals = new Float64Array(columns);
  for (let start = 0; start < values.length; start += columns) {
    for (let c = 0; c < columns; c++) totals[c]! += values[start + c]!;
  }
  sums.set(totals);
  return sum;
}
