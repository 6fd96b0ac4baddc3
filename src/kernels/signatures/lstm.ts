// sequence → an LSTM's outputs and its last cell: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { RecurrentInputs, SequenceAttributes } from '../recurrent/sequence.ts';
import type { Implementation } from './implementation.ts';

/** Tensors of an LSTM over a sequence. Its four gates are in Keras' order: input, forget, candidate, output. */
export interface LstmInputs extends RecurrentInputs {
  /** [batch, units], the cell before the first frame. */
  readonly initialCell: tf.Tensor2D;
}

/** An LSTM on one kind of backend. Outputs: y, lastCell, then what is saved. */
export type LstmImplementation = Implementation<LstmInputs, SequenceAttributes>;
