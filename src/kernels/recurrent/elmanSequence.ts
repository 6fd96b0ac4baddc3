// sequence → a fully recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedElman } from '../backends/composed/elman.ts';
import { defineOperation } from '../operation.ts';
import type { ElmanAttributes, ElmanInputs } from '../signatures/elman.ts';
import { RECURRENT_INPUTS } from './sequence.ts';

export type { ElmanAttributes, ElmanInputs };

/**
 * Runs a fully recurrent network over a sequence: h = φ(x·kernel + (h₋₁ ⊙ mask)·recurrentKernel + bias).
 *
 * @returns h of every frame, [batch, frames, units], the last state being that of the frame read last; differentiable by
 *   all inputs but the masks
 */
export function elmanSequence(inputs: ElmanInputs, attributes: ElmanAttributes): tf.Tensor3D {
  return tf.tidy(() => operation(inputs, attributes)[0] as tf.Tensor3D);
}

const operation = defineOperation({
  name: 'ElmanSequence',
  outputs: 1,
  inputsToSave: RECURRENT_INPUTS,
  saveOutputs: true,
  implementations: { composed: composedElman },
});
