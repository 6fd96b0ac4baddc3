// matrix × matrix → matrix, for use within operations

import * as tf from '@tensorflow/tfjs-core';
import { hostTensor, hostValues, onHost } from '../tfjs/hostMemory.ts';
import { multiply } from './host/product.ts';
import { simdMultiply } from './simd/multiply.ts';
import { simd } from './simd/simd.ts';

/** Which factors lie in memory transposed. */
export interface Transposed {
  /** Whether a is [inner, rows]. @default false */
  readonly aTransposed?: boolean | undefined;
  /** Whether b is [columns, inner]. @default false */
  readonly bTransposed?: boolean | undefined;
}

/**
 * a·b by the fastest plain product of the backend; not on the gradient tape by itself.
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
  const engine = simd();
  if (engine) return simdMultiply(engine, a, b, { rows, inner, columns, aTransposed, bTransposed });
  if (tf.getBackend() === 'cpu') {
    const product = hostTensor<tf.Rank.R2>([rows, columns]);
    const [aValues, bValues, values] = hostValues(a, b, product);
    const [aRowStep, aStep] = aTransposed ? [1, rows] : [inner, 1];
    const [columnStep, step] = bTransposed ? [inner, 1] : [1, columns];
    multiply(aValues, bValues, values, { rows, inner, columns, aRowStep, aStep, columnStep, step });
    return product;
  }
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, aTransposed, bTransposed);
  // There, the stock kernel leaves XNNPACK for a loop fifty times slower where it is told to transpose.
  return tf.tidy(() => tf.matMul(aTransposed ? tf.transpose(a) : a, bTransposed ? tf.transpose(b) : b));
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
