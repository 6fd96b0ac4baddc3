// matrix × matrix → matrix, and sums of rows, of tensors in main memory, in float64

import type * as tf from '@tensorflow/tfjs-core';
import type { MatMul } from '../../signatures/matMul.ts';
import { hostTensor, hostValues } from '../../tfjs/hostMemory.ts';
import { multiply } from './product.ts';

/** a·b, each sum in float64. */
export const hostMatMul: MatMul = (a, b, { rows, inner, columns, aTransposed, bTransposed }) => {
  const product = hostTensor<tf.Rank.R2>([rows, columns]);
  const [aValues, bValues, values] = hostValues(a, b, product);
  const [aRowStep, aStep] = aTransposed ? [1, rows] : [inner, 1];
  const [columnStep, step] = bTransposed ? [inner, 1] : [1, columns];
  multiply(aValues, bValues, values, { rows, inner, columns, aRowStep, aStep, columnStep, step });
  return product;
};

/** Sums over the rows of a matrix in one pass, in float64. */
export function hostSumRows(matrix: tf.Tensor2D): tf.Tensor1D {
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
