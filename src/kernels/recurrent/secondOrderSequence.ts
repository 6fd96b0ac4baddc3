// sequence → a second-order recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedSecondOrder } from '../backends/composed/secondOrder.ts';
import { defineOperation } from '../operation.ts';
import type { ElmanAttributes } from '../signatures/elman.ts';
import type { SecondOrderInputs } from '../signatures/secondOrder.ts';
import { SEQUENCE_INPUTS } from './sequence.ts';

export type { SecondOrderInputs };

/**
 * Runs a second-order network over a sequence: h_i = φ(Σ_jk kernel_jki x_j s_k + bias_i), s = h₋₁ ⊙ mask.
 *
 * The sum over features does not depend on the state: for all frames at once it gives the matrix that takes one state to the
 * next, [batch, frames, units · units], which is most of the work.
 *
 * @returns h of every frame, [batch, frames, units], the last state being that of the frame read last; differentiable by
 *   all inputs but the masks
 */
export function secondOrderSequence(inputs: SecondOrderInputs, attributes: ElmanAttributes): tf.Tensor3D {
  return tf.tidy(() => operation(inputs, attributes)[0] as tf.Tensor3D);
}

const operation = defineOperation<SecondOrderInputs, ElmanAttributes>({
  name: 'SecondOrderSequence',
  outputs: 1,
  inputsToSave: SEQUENCE_INPUTS,
  saveOutputs: true,
  implementations: { composed: composedSecondOrder },
});
