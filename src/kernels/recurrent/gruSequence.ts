// sequence → a gated recurrent unit's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedGru } from '../backends/composed/gru.ts';
import { hostGru } from '../backends/host/gru.ts';
import { simdGru } from '../backends/simd/gru.ts';
import { simd } from '../backends/simd/simd.ts';
import { webgpuGru } from '../backends/webgpu/gru.ts';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
import {
  defineSequence,
  RECURRENT_INPUTS,
  type RecurrentInputs,
  type SequenceAttributes,
  type SequenceImplementation,
} from './sequence.ts';

/** Tensors of a GRU over a sequence. Its three gates are in Keras' order: update (z), reset (r), candidate (h). */
export interface GruInputs extends RecurrentInputs {
  /** [3 · units], added to the recurrent products where the reset comes after them. Otherwise it is not read and has no gradient. */
  readonly recurrentBias: tf.Tensor1D;
}

/** How a GRU reads a sequence. */
export interface GruAttributes extends SequenceAttributes {
  /** Whether r is applied to the candidate's recurrent product (PyTorch, cuDNN, Keras 2) or to the state before it (Cho et al.). */
  readonly resetAfter: boolean;
}

/** A GRU on one kind of backend. Outputs: y, then what is saved. */
export type GruImplementation = SequenceImplementation<GruInputs, GruAttributes>;

/**
 * Runs a GRU over a sequence. With s = h₋₁ ⊙ mask, W, U, b, d the parts of kernel, recurrentKernel, bias and recurrentBias
 * that belong to a gate:
 *
 * z, r = σ(x·W + b + s·U + d); h = z ⊙ h₋₁ + (1 − z) ⊙ h′;
 * h′ = tanh(x·W + b + r ⊙ (s·U + d)) where the reset comes after, tanh(x·W + b + (r ⊙ s)·U), d being 0, where before.
 * With an input `updateMask`, [batch, units], h′ is multiplied by it (Semeniuta et al. 2016).
 *
 * @returns h of every frame, [batch, frames, units], the last state being that of the frame read last; differentiable by
 *   all inputs but the masks
 */
export function gruSequence(inputs: GruInputs, attributes: GruAttributes): tf.Tensor3D {
  const run = 'updateMask' in inputs ? withDropout : operation;
  return tf.tidy(() => run(inputs as GruDropoutInputs, attributes)[0] as tf.Tensor3D);
}

/** Tensors of a GRU of which training drops part of the update. */
interface GruDropoutInputs extends GruInputs {
  /** [batch, units], what h′ is multiplied by. */
  readonly updateMask: tf.Tensor2D;
}

/** The implementation for the active backend. */
function implementationOf(): GruImplementation {
  const engine = simd();
  if (engine) return simdGru(engine);
  if (onHost()) return hostGru;
  return onWebgpu() ? webgpuGru : composedGru;
}

const operation = defineSequence('GruSequence', [...RECURRENT_INPUTS, 'recurrentBias'], 1, implementationOf);

/** Where memory is at hand, in loops over it. */
const withDropout = defineSequence<GruDropoutInputs, GruAttributes>(
  'GruDropoutSequence',
  [...RECURRENT_INPUTS, 'recurrentBias', 'updateMask'],
  1,
  () => (onHost() ? hostGru : implementationOf()),
);
