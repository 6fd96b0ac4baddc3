// matrix × matrix → matrix, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { MatMul } from '../../signatures/matMul.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { simd } from './simd.ts';

/** a·b by the SIMD kernel, whichever of them lies transposed. */
export const simdMatMul: MatMul = (a, b, { rows, columns, inner, aTransposed, bTransposed }) => {
  const { run, at, withScratch } = simd()!;
  const product = hostTensor<tf.Rank.R2>([rows, columns]);
  withScratch(run.multiplyScratch(), (scratch) => {
    run.multiply(rows, columns, inner, at(a), aTransposed, at(b), bTransposed, at(product), false, scratch);
  });
  return product;
};
