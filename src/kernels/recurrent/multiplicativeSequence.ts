// sequence → the output of a multiplicative RNN or LSTM at every frame, as one operation on the gradient tape
//
// A second-order network, factored: the previous output reaches the gates as m, whose units the input weighs.

import * as tf from '@tensorflow/tfjs-core';
import { onHost } from '../hostMemory.ts';
import { composedElmanCell } from './elmanComposed.ts';
import { hostElmanCell } from './elmanHost.ts';
import type { ElmanAttributes, ElmanInputs } from './elmanSequence.ts';
import { composedLstmCell } from './lstmComposed.ts';
import { hostLstmCell } from './lstmHost.ts';
import type { LstmInputs } from './lstmSequence.ts';
import { composedMultiplicative } from './multiplicativeComposed.ts';
import { hostMultiplicative } from './multiplicativeHost.ts';
import { defineSequence, RECURRENT_INPUTS, type SequenceAttributes, type SequenceImplementation } from './sequence.ts';

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

/**
 * Runs a multiplicative RNN over a sequence: h = φ(x·kernel + m·recurrentKernel + bias).
 *
 * @returns h of every frame, [batch, frames, units]; differentiable by all inputs but the masks
 */
export function multiplicativeRnnSequence(inputs: MultiplicativeRnnInputs, attributes: ElmanAttributes): tf.Tensor3D {
  return tf.tidy(() => rnn(inputs, attributes)[0] as tf.Tensor3D);
}

/**
 * Runs a multiplicative LSTM over a sequence: an LSTM whose gates see m in place of h₋₁; with an input `updateMask`, as there.
 *
 * @returns y: h of every frame, [batch, frames, units]; lastCell: c after the frame read last, [batch, units]. Both are
 *   differentiable by all inputs but the masks.
 */
export function multiplicativeLstmSequence(
  inputs: MultiplicativeLstmInputs,
  attributes: SequenceAttributes,
): { y: tf.Tensor3D; lastCell: tf.Tensor2D } {
  return tf.tidy(() => {
    const run = 'updateMask' in inputs ? lstmWithDropout : lstm;
    const [y, lastCell] = run(inputs, attributes) as [tf.Tensor3D, tf.Tensor2D];
    return { y, lastCell };
  });
}

/** A multiplicative RNN in loops over typed arrays. */
export const hostMultiplicativeRnn: SequenceImplementation<MultiplicativeRnnInputs, ElmanAttributes> =
  hostMultiplicative(hostElmanCell);

/** A multiplicative RNN on every backend. */
export const composedMultiplicativeRnn: SequenceImplementation<MultiplicativeRnnInputs, ElmanAttributes> =
  composedMultiplicative(composedElmanCell);

/** A multiplicative LSTM in loops over typed arrays. */
export const hostMultiplicativeLstm: SequenceImplementation<MultiplicativeLstmInputs, SequenceAttributes> =
  hostMultiplicative(hostLstmCell);

/** A multiplicative LSTM on every backend. */
export const composedMultiplicativeLstm: SequenceImplementation<MultiplicativeLstmInputs, SequenceAttributes> =
  composedMultiplicative(composedLstmCell);

const FACTOR_INPUTS = ['factors', 'recurrentFactorKernel'] as const;

const rnn = defineSequence<MultiplicativeRnnInputs, ElmanAttributes>(
  'MultiplicativeRnnSequence',
  [...RECURRENT_INPUTS, ...FACTOR_INPUTS],
  1,
  () => (onHost() ? hostMultiplicativeRnn : composedMultiplicativeRnn),
);

const lstmInputs = [...RECURRENT_INPUTS, 'initialCell', ...FACTOR_INPUTS] as const;
const implementationOfLstm = () => (onHost() ? hostMultiplicativeLstm : composedMultiplicativeLstm);
const lstm = defineSequence('MultiplicativeLstmSequence', lstmInputs, 2, implementationOfLstm);
const lstmWithDropout = defineSequence(
  ...(['MultiplicativeLstmDropoutSequence', [...lstmInputs, 'updateMask'], 2, implementationOfLstm] as const),
);
