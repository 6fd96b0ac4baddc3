// activations → normalised activations, their mean and variance: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { Implementation } from './implementation.ts';

/** How batch normalisation runs. */
export interface BatchNormAttributes {
  /** Added to the variance, so that a constant channel does not divide by zero. */
  readonly epsilon: number;
  /** Whether negative results become 0 (ReLU), in the same pass. */
  readonly rectify: boolean;
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
