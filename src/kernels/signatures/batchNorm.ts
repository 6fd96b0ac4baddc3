// activations → normalised activations, their mean and variance: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { AddUp } from '../../core/threadTeam.ts';
import type { Implementation } from './implementation.ts';

/** How batch normalisation runs. */
export interface BatchNormAttributes {
  /** Added to the variance, so that a constant channel does not divide by zero. */
  readonly epsilon: number;
  /** Whether negative results become 0 (ReLU), in the same pass. */
  readonly rectify: boolean;
  /**
   * Adds the sums of other threads, which have the other parts of the batch: statistics and gradients are of the whole then. Where
   * tensors are in main memory, on `cpu` and `wasm`; others take the batch for the whole.
   */
  readonly addUp?: AddUp | undefined;
}

/** Tensors of a batch normalisation. */
export interface BatchNormInputs extends tf.NamedTensorMap {
  /** [..., channels] */
  readonly x: tf.Tensor;
  /** [channels] */
  readonly gamma: tf.Tensor1D;
  /** [channels] */
  readonly beta: tf.Tensor1D;
}

/** Batch normalisation on one kind of backend. Outputs: y, mean, variance; for its gradient, all but beta are saved. */
export type BatchNormImplementation = Implementation<BatchNormInputs, BatchNormAttributes>;
