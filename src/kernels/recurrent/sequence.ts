// features of all frames, weights, masks → outputs of all frames: what every recurrent cell reads
//
// tfjs-layers records some hundred operations a frame. Here the whole sequence is one: inputs of all frames are projected
// by one matrix product, only what depends on the frame before is left to the loop, and backpropagation through time is
// written out, with one matrix product each for the gradients of the weights.

import type * as tf from '@tensorflow/tfjs-core';

/** What every cell reads. A cell has so many gates, of `units` columns each in the order that it states. */
export interface SequenceInputs extends tf.NamedTensorMap {
  /** [batch, frames, features] */
  readonly x: tf.Tensor3D;
  /** [features, gates · units] */
  readonly kernel: tf.Tensor2D;
  /** [gates · units] */
  readonly bias: tf.Tensor1D;
  /** [batch, units], what the previous output is multiplied by on its way into the gates; ones without dropout. */
  readonly recurrentMask: tf.Tensor2D;
  /**
   * [batch, frames], 1 where a frame counts, 0 where it is padding. There the state is carried over unchanged and the output
   * repeats it, as in Keras.
   */
  readonly frameMask: tf.Tensor2D;
  /** [batch, units], the output before the first frame. */
  readonly initialState: tf.Tensor2D;
}

/** What a cell reads whose gates see the previous output through a matrix. */
export interface RecurrentInputs extends SequenceInputs {
  /** [units, gates · units] */
  readonly recurrentKernel: tf.Tensor2D;
}

/** How a sequence is read. */
export interface SequenceAttributes {
  /** From the last frame to the first; outputs stay at their frames. */
  readonly reverse: boolean;
}

/** Names of the inputs of every cell. */
export const SEQUENCE_INPUTS = ['x', 'kernel', 'bias', 'recurrentMask', 'frameMask', 'initialState'] as const;

/** Names of the inputs of a cell with a recurrent kernel. */
export const RECURRENT_INPUTS = [...SEQUENCE_INPUTS, 'recurrentKernel'] as const;
