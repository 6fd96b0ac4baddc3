// sequence → an independently recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedIndRnn } from '../backends/composed/indRnn.ts';
import { defineOperation } from '../operation.ts';
import type { ElmanAttributes } from '../signatures/elman.ts';
import type { IndRnnInputs } from '../signatures/indRnn.ts';
import { SEQUENCE_INPUTS } from './sequence.ts';

export type { IndRnnInputs };

/**
 * Runs an independently recurrent network over a sequence: h = φ(x·kernel + (h₋₁ ⊙ mask) ⊙ recurrentWeights + bias).
 *
 * @returns h of every frame, [batch, frames, units], the last state being that of the frame read last; differentiable by
 *   all inputs but the masks
 */
export function indRnnSequence(inputs: IndRnnInputs, attributes: ElmanAttributes): tf.Tensor3D {
  return tf.tidy(() => operation(inputs, attributes)[0] as tf.Tensor3D);
}

const operation = defineOperation<IndRnnInputs, ElmanAttributes>({
  name: 'IndRnnSequence',
  outputs: 1,
  inputsToSave: [...SEQUENCE_INPUTS, 'recurrentWeights'],
  saveOutputs: true,
  implementations: { composed: composedIndRnn },
});
