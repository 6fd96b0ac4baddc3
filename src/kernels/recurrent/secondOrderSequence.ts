// sequence → a second-order recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedSecondOrder } from '../backends/composed/secondOrder.ts';
import { hostSecondOrder } from '../backends/host/secondOrder.ts';
import { webgpuSecondOrder } from '../backends/webgpu/secondOrder.ts';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
import type { ElmanAttributes } from './elmanSequence.ts';
import { defineSequence, SEQUENCE_INPUTS, type SequenceImplementation, type SequenceInputs } from './sequence.ts';

/**
 * Tensors of a second-order network over a sequence: `kernel` is [features, units · units], a matrix from state to state for
 * each feature, row-major by the state before; `bias` is [units].
 */
export type SecondOrderInputs = SequenceInputs;

/** A second-order network on one kind of backend. Outputs: y, then what is saved. */
export type SecondOrderImplementation = SequenceImplementation<SecondOrderInputs, ElmanAttributes>;

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

/** The implementation for the active backend. */
function implementationOf(): SecondOrderImplementation {
  if (onHost()) return hostSecondOrder;
  return onWebgpu() ? webgpuSecondOrder : composedSecondOrder;
}

const operation = defineSequence('SecondOrderSequence', SEQUENCE_INPUTS, 1, implementationOf);
