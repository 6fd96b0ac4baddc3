// sequence → the output of a multiplicative RNN or LSTM at every frame, as one operation on the gradient tape
//
// A second-order network, factored: the previous output reaches the gates as m, whose units the input weighs.

import * as tf from '@tensorflow/tfjs-core';
import { composedMultiplicativeLstm, composedMultiplicativeRnn } from '../backends/composed/multiplicative.ts';
import { hostMultiplicativeLstm } from '../backends/host/multiplicativeLstm.ts';
import type { Implementations } from '../backends/implementations.ts';
import { defineOperation } from '../operation.ts';
import type { ElmanAttributes } from '../signatures/elman.ts';
import type {
  MultiplicativeLstmImplementation,
  MultiplicativeLstmInputs,
  MultiplicativeRnnInputs,
} from '../signatures/multiplicative.ts';
import { RECURRENT_INPUTS, type SequenceAttributes } from './sequence.ts';

export type { MultiplicativeLstmInputs, MultiplicativeRnnInputs };

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

/** Multiplicative LSTMs, by kind of backend. */
export const multiplicativeLstmImplementations: Implementations<MultiplicativeLstmImplementation> = {
  host: hostMultiplicativeLstm,
  composed: composedMultiplicativeLstm,
};

const rnnInputs = [...RECURRENT_INPUTS, 'factors', 'recurrentFactorKernel'] as const;
const lstmInputs = [...rnnInputs, 'initialCell'] as const;

const rnn = defineOperation<MultiplicativeRnnInputs, ElmanAttributes>({
  ...{ name: 'MultiplicativeRnnSequence', outputs: 1, inputsToSave: rnnInputs, saveOutputs: true },
  implementations: { composed: composedMultiplicativeRnn },
});

const lstm = defineOperation<MultiplicativeLstmInputs, SequenceAttributes>({
  ...{ name: 'MultiplicativeLstmSequence', outputs: 2, inputsToSave: lstmInputs, saveOutputs: true },
  implementations: multiplicativeLstmImplementations,
});

const lstmWithDropout = defineOperation<MultiplicativeLstmInputs, SequenceAttributes>({
  ...{ name: 'MultiplicativeLstmDropoutSequence', outputs: 2, saveOutputs: true },
  inputsToSave: [...lstmInputs, 'updateMask'],
  implementations: multiplicativeLstmImplementations,
});
