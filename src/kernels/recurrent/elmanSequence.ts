// sequence → a fully recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedElman } from '../backends/composed/elman.ts';
import { hostElman } from '../backends/host/elman.ts';
import type { Implementations } from '../backends/implementations.ts';
import { defineOperation } from '../operation.ts';
import type { ElmanAttributes, ElmanImplementation, ElmanInputs } from '../signatures/elman.ts';
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

/** By kind of backend. */
export const elmanImplementations: Implementations<ElmanImplementation> = {
  host: hostElman,
  composed: composedElman,
};

const operation = defineOperation({
  name: 'ElmanSequence',
  outputs: 1,
  inputsToSave: RECURRENT_INPUTS,
  saveOutputs: true,
  implementations: elmanImplementations,
});
