// sequence → a gated recurrent unit's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedGru } from '../backends/composed/gru.ts';
import { hostGru } from '../backends/host/gru.ts';
import type { Implementations } from '../backends/implementations.ts';
import { simdGru } from '../backends/simd/gru.ts';
import { webgpuGru } from '../backends/webgpu/gru.ts';
import { defineOperation } from '../operation.ts';
import type { GruAttributes, GruImplementation, GruInputs } from '../signatures/gru.ts';
import { RECURRENT_INPUTS } from './sequence.ts';

export type { GruInputs };

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

/** By kind of backend. */
export const gruImplementations: Implementations<GruImplementation> = {
  simd: simdGru,
  host: hostGru,
  webgpu: webgpuGru,
  composed: composedGru,
};

const inputsToSave = [...RECURRENT_INPUTS, 'recurrentBias'] as const;

const operation = defineOperation<GruInputs, GruAttributes>({
  ...{ name: 'GruSequence', outputs: 1, inputsToSave, saveOutputs: true },
  implementations: gruImplementations,
});

/** The SIMD kernels drop nothing. */
const withDropout = defineOperation<GruDropoutInputs, GruAttributes>({
  ...{ name: 'GruDropoutSequence', outputs: 1, inputsToSave: [...inputsToSave, 'updateMask'], saveOutputs: true },
  implementations: { ...gruImplementations, simd: undefined },
});
