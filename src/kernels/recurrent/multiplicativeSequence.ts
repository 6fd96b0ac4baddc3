// sequence → the output of a multiplicative RNN or LSTM at every frame, as one operation on the gradient tape
//
// A second-order network, factored: the previous output reaches the gates as m, whose units the input weighs.

import * as tf from '@tensorflow/tfjs-core';
import { composedMultiplicativeLstm, composedMultiplicativeRnn } from '../backends/composed/multiplicative.ts';
import { hostMultiplicativeLstm, hostMultiplicativeRnn } from '../backends/host/multiplicative.ts';
import { webgpuMultiplicativeLstm, webgpuMultiplicativeRnn } from '../backends/webgpu/multiplicative.ts';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
import type { ElmanAttributes, ElmanInputs } from './elmanSequence.ts';
import type { LstmInputs } from './lstmSequence.ts';
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

/** A multiplicative RNN on one kind of backend. Outputs: y, then what is saved. */
export type MultiplicativeRnnImplementation = SequenceImplementation<MultiplicativeRnnInputs, ElmanAttributes>;

/** A multiplicative LSTM on one kind of backend. Outputs: y, lastCell, then what is saved. */
export type MultiplicativeLstmImplementation = SequenceImplementation<MultiplicativeLstmInputs, SequenceAttributes>;

function rnnImplementationOf(): MultiplicativeRnnImplementation {
  if (onHost()) return hostMultiplicativeRnn;
  return onWebgpu() ? webgpuMultiplicativeRnn : composedMultiplicativeRnn;
}

function lstmImplementationOf(): MultiplicativeLstmImplementation {
  if (onHost()) return hostMultiplicativeLstm;
  return onWebgpu() ? webgpuMultiplicativeLstm : composedMultiplicativeLstm;
}

const rnnInputs = [...RECURRENT_INPUTS, 'factors', 'recurrentFactorKernel'] as const;
const lstmInputs = [...rnnInputs, 'initialCell'] as const;

const rnn = defineSequence('MultiplicativeRnnSequence', rnnInputs, 1, rnnImplementationOf);
const lstm = defineSequence('MultiplicativeLstmSequence', lstmInputs, 2, lstmImplementationOf);
const lstmWithDropout = defineSequence(
  ...(['MultiplicativeLstmDropoutSequence', [...lstmInputs, 'updateMask'], 2, lstmImplementationOf] as const),
);
