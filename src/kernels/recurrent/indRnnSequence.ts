// sequence → an independently recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedIndRnn } from '../backends/composed/indRnn.ts';
import { hostIndRnn } from '../backends/host/indRnn.ts';
import { webgpuIndRnn } from '../backends/webgpu/indRnn.ts';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
import type { ElmanAttributes } from './elmanSequence.ts';
import { defineSequence, SEQUENCE_INPUTS, type SequenceImplementation, type SequenceInputs } from './sequence.ts';

/** Tensors of an independently recurrent network over a sequence. */
export interface IndRnnInputs extends SequenceInputs {
  /** [units], what each unit's previous output is multiplied by. */
  readonly recurrentWeights: tf.Tensor1D;
}

/** An independently recurrent network on one kind of backend. Output: y. */
export type IndRnnImplementation = SequenceImplementation<IndRnnInputs, ElmanAttributes>;

/**
 * Runs an independently recurrent network over a sequence: h = φ(x·kernel + (h₋₁ ⊙ mask) ⊙ recurrentWeights + bias).
 *
 * @returns h of every frame, [batch, frames, units], the last state being that of the frame read last; differentiable by
 *   all inputs but the masks
 */
export function indRnnSequence(inputs: IndRnnInputs, attributes: ElmanAttributes): tf.Tensor3D {
  return tf.tidy(() => operation(inputs, attributes)[0] as tf.Tensor3D);
}

/** The implementation for the active backend. Where memory is at hand, a loop of its own: no product is in it. */
function implementationOf(): IndRnnImplementation {
  if (onHost()) return hostIndRnn;
  return onWebgpu() ? webgpuIndRnn : composedIndRnn;
}

const operation = defineSequence('IndRnnSequence', [...SEQUENCE_INPUTS, 'recurrentWeights'], 1, implementationOf);
