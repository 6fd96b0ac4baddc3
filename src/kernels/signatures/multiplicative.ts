// sequence → a multiplicative RNN's or LSTM's outputs: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes } from '../recurrent/sequence.ts';
import type { ElmanAttributes, ElmanInputs } from './elman.ts';
import type { Implementation } from './implementation.ts';
import type { LstmInputs } from './lstm.ts';

/** What makes m: m = factors ⊙ ((h₋₁ ⊙ mask)·recurrentFactorKernel) takes the place of the masked previous output. */
export interface FactorInputs {
  /** [batch, frames, units], what the input weighs the units of m by. */
  readonly factors: tf.Tensor3D;
  /** [units, units] */
  readonly recurrentFactorKernel: tf.Tensor2D;
}

/** Tensors of a multiplicative RNN over a sequence. */
export type MultiplicativeRnnInputs = ElmanInputs & FactorInputs;

/** Tensors of a multiplicative LSTM over a sequence. */
export type MultiplicativeLstmInputs = LstmInputs & FactorInputs;

/** A multiplicative RNN on one kind of backend. Outputs: y. */
export type MultiplicativeRnnImplementation = Implementation<MultiplicativeRnnInputs, ElmanAttributes>;

/** A multiplicative LSTM on one kind of backend. Outputs: y, lastCell, then what is saved. */
export type MultiplicativeLstmImplementation = Implementation<MultiplicativeLstmInputs, SequenceAttributes>;
