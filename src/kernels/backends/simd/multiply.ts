// matrix × matrix → matrix, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { Resolved } from '../../../core/check.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import type { Transposed } from '../matMul.ts';
import type { Simd } from './simd.ts';

/** Sizes of a product, and how its factors lie in memory. */
interface Product extends Resolved<Transposed> {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** a·b by the SIMD kernel, whichever of them lies transposed. */
export function simdMultiply(
  { run, at, withScratch }: Simd,
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { rows, columns, inner, aTransposed, bTransposed }: Product,
): tf.Tensor2D {
  const product = hostTensor<tf.Rank.R2>([rows, columns]);
  withScratch(run.multiplyScratch(), (scratch) => {
    run.multiply(rows, columns, inner, at(a), aTransposed, at(b), bTransposed, at(product), false, scratch);
  });
  return product;
}
