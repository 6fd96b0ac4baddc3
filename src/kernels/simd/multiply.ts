// matrix × matrix → matrix, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import { hostTensor } from '../hostMemory.ts';
import type { ProductLayout } from '../matMul.ts';
import type { Simd } from './simd.ts';

/** a·b by the SIMD kernel, whichever of them lies transposed. */
export function simdMultiply(
  { run, at, withScratch }: Simd,
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { rows, columns, inner, aTransposed, bTransposed }: ProductLayout,
): tf.Tensor2D {
  const product = hostTensor<tf.Rank.R2>([rows, columns]);
  withScratch(run.multiplyScratch(), (scratch) => {
    run.multiply(rows, columns, inner, at(a), aTransposed, at(b), bTransposed, at(product), false, scratch);
  });
  return product;
}
