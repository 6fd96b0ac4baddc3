// matrix × matrix → matrix, by the fastest way of the backend, for use within implementations

import * as tf from '@tensorflow/tfjs-core';
import type { MatMul } from '../signatures/matMul.ts';
import { composedMatMul } from './composed/matMul.ts';
import { hostMatMul, hostSumRows } from './host/matMul.ts';
import { type Implementations, implementationOf } from './implementations.ts';
import { simdMatMul } from './simd/matMul.ts';

/** Which factors lie in memory transposed. */
export interface Transposed {
  /** Whether a is [inner, rows]. @default false */
  readonly aTransposed?: boolean | undefined;
  /** Whether b is [columns, inner]. @default false */
  readonly bTransposed?: boolean | undefined;
}

const products: Implementations<MatMul> = { simd: simdMatMul, cpu: hostMatMul, composed: composedMatMul };

/**
 * a·b; not on the gradient tape by itself.
 *
 * @param a [rows, inner], or transposed
 * @param b [inner, columns], or transposed
 * @returns [rows, columns]
 */
export function matMul(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { aTransposed = false, bTransposed = false }: Transposed = {},
): tf.Tensor2D {
  const [rows, inner] = aTransposed ? [a.shape[1], a.shape[0]] : a.shape;
  const [bRows, columns] = bTransposed ? [b.shape[1], b.shape[0]] : b.shape;
  if (bRows !== inner) {
    throw new RangeError(`Cannot multiply: [${rows},${inner}] and [${bRows},${columns}] do not fit`);
  }
  return implementationOf(products)(a, b, { rows, inner, columns, aTransposed, bTransposed });
}

const rowSums: Implementations<(matrix: tf.Tensor2D) => tf.Tensor1D> = {
  host: hostSumRows,
  composed: (matrix) => tf.sum(matrix, 0),
};

/** Sums over the rows of a matrix, [rows, columns] → [columns]. */
export function sumRows(matrix: tf.Tensor2D): tf.Tensor1D {
  return implementationOf(rowSums)(matrix);
}
