// sequence → an LSTM's output at every frame and its last cell, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedLstm } from '../backends/composed/lstm.ts';
import { hostLstm } from '../backends/host/lstm.ts';
import type { Implementations } from '../backends/implementations.ts';
import { simdLstm } from '../backends/simd/lstm.ts';
import { webgpuLstm } from '../backends/webgpu/lstm.ts';
import { defineOperation } from '../operation.ts';
import type { LstmImplementation, LstmInputs } from '../signatures/lstm.ts';
import { RECURRENT_INPUTS, type SequenceAttributes } from './sequence.ts';

export type { LstmInputs };

/**
 * Runs an LSTM over a sequence: i, f, o = σ and g = tanh of x·kernel + (h₋₁ ⊙ mask)·recurrentKernel + bias;
 * c = f ⊙ c₋₁ + i ⊙ g; h = o ⊙ tanh(c). With an input `updateMask`, [batch, units], g is multiplied by it (Semeniuta et al. 2016).
 *
 * @returns y: h of every frame, [batch, frames, units], the last state being that of the frame read last; lastCell: c after
 *   it, [batch, units]. Both are differentiable by all inputs but the masks.
 */
export function lstmSequence(
  inputs: LstmInputs,
  attributes: SequenceAttributes,
): { y: tf.Tensor3D; lastCell: tf.Tensor2D } {
  return tf.tidy(() => {
    const run = 'updateMask' in inputs ? withDropout : operation;
    const [y, lastCell] = run(inputs as LstmDropoutInputs, attributes) as [tf.Tensor3D, tf.Tensor2D];
    return { y, lastCell };
  });
}

/** Tensors of an LSTM of which training drops part of the update. */
interface LstmDropoutInputs extends LstmInputs {
  /** [batch, units], what g is multiplied by. */
  readonly updateMask: tf.Tensor2D;
}

/** By kind of backend. */
export const lstmImplementations: Implementations<LstmImplementation> = {
  simd: simdLstm,
  host: hostLstm,
  webgpu: webgpuLstm,
  composed: composedLstm,
};

const inputsToSave = [...RECURRENT_INPUTS, 'initialCell'] as const;

const operation = defineOperation<LstmInputs, SequenceAttributes>({
  ...{ name: 'LstmSequence', outputs: 2, inputsToSave, saveOutputs: true },
  implementations: lstmImplementations,
});

/** The SIMD kernels drop nothing. */
const withDropout = defineOperation<LstmDropoutInputs, SequenceAttributes>({
  ...{ name: 'LstmDropoutSequence', outputs: 2, inputsToSave: [...inputsToSave, 'updateMask'], saveOutputs: true },
  implementations: { ...lstmImplementations, simd: undefined },
});
