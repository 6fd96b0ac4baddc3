// matrix × matrix → matrix: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';

/** [rows, inner] · [inner, columns] */
interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Whether a is [inner, rows]. */
  readonly aTransposed: boolean;
  /** Whether b is [columns, inner]. */
  readonly bTransposed: boolean;
}

/** A matrix product on one kind of backend. */
export type MatMul = (a: tf.Tensor2D, b: tf.Tensor2D, product: Product) => tf.Tensor2D;
