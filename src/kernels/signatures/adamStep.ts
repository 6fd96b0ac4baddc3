// weights, their gradient, its moments → the same after a step of AdamW: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';

/** Factors of a step of AdamW, the same for all weights; as tensors, so that they are made once a step. */
interface AdamFactors {
  /** How much of the first moment is kept, and how much of the gradient is added. */
  readonly keepMean: tf.Scalar;
  readonly addMean: tf.Scalar;
  /** How much of the second moment is kept, and how much of the gradient's square is added. */
  readonly keepSquare: tf.Scalar;
  readonly addSquare: tf.Scalar;
  /** Added to the root of the second moment. */
  readonly offset: tf.Scalar;
  readonly rate: tf.Scalar;
  /** How much is kept of weights that decay. */
  readonly decay: tf.Scalar;
}

/** Weights and the moments of their gradient, of one shape. */
interface AdamState {
  readonly value: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
}

/** One step; `decays` says whether these weights do. */
export type AdamStep = (state: AdamState, gradient: tf.Tensor, factors: AdamFactors, decays: boolean) => AdamState;
