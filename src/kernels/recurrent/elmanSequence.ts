// sequence → a fully recurrent network's output at every frame, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedElman } from '../backends/composed/elman.ts';
import { hostElman } from '../backends/host/elman.ts';
import { simdElman } from '../backends/simd/elman.ts';
import { simd } from '../backends/simd/simd.ts';
import { webgpuElman } from '../backends/webgpu/elman.ts';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
import type { StateActivation } from './activation.ts';
import {
  defineSequence,
  RECURRENT_INPUTS,
  type RecurrentInputs,
  type SequenceAttributes,
  type SequenceImplementation,
} from './sequence.ts';

/** Tensors of a fully recurrent network over a sequence: one "gate", the state itself. */
export type ElmanInputs = RecurrentInputs;

/** How a fully recurrent network reads a sequence. */
export interface ElmanAttributes extends SequenceAttributes {
  /** What squashes the state. */
  readonly activation: StateActivation;
}

/** A fully recurrent network on one kind of backend. Outputs: y, then what is saved. */
export type ElmanImplementation = SequenceImplementation<ElmanInputs, ElmanAttributes>;

/**
 * Runs a fully recurrent network over a sequence: h = φ(x·kernel + (h₋₁ ⊙ mask)·recurrentKernel + bias).
 *
 * @returns h of every frame, [batch, frames, units], the last state being that of the frame read last; differentiable by
 *   all inputs but the masks
 */
export function elmanSequence(inputs: ElmanInputs, attributes: ElmanAttributes): tf.Tensor3D {
  return tf.tidy(() => operation(inputs, attributes)[0] as tf.Tensor3D);
}

/** The implementation for the active backend. */
function implementationOf(): ElmanImplementation {
  const engine = simd();
  if (engine) return simdElman(engine);
  if (onHost()) return hostElman;
  return onWebgpu() ? webgpuElman : composedElman;
}

const operation = defineSequence('ElmanSequence', RECURRENT_INPUTS, 1, implementationOf);
