// sequence → a gated recurrent unit's outputs: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { RecurrentInputs, SequenceAttributes } from '../recurrent/sequence.ts';
import type { Implementation } from './implementation.ts';

/** Tensors of a GRU over a sequence. Its three gates are in Keras' order: update (z), reset (r), candidate (h). */
export interface GruInputs extends RecurrentInputs {
  /** [3 · units], added to the recurrent products where the reset comes after them. Otherwise it is not read and has no gradient. */
  readonly recurrentBias: tf.Tensor1D;
}

/** How a GRU reads a sequence. */
export interface GruAttributes extends SequenceAttributes {
  /** Whether r is applied to the candidate's recurrent product (PyTorch, cuDNN, Keras 2) or to the state before it (Cho et al.). */
  readonly resetAfter: boolean;
}

/** A GRU on one kind of backend. Outputs: y, then what is saved. */
export type GruImplementation = Implementation<GruInputs, GruAttributes>;
