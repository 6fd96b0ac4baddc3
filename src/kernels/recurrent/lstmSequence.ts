// sequence → an LSTM's output at every frame and its last cell, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { onHost } from '../hostMemory.ts';
import { simdLstm } from '../simd/lstm.ts';
import { simd } from '../simd/simd.ts';
import { webgpuLstm } from '../webgpu/lstm.ts';
import { onWebgpu } from '../webgpu/program.ts';
import { composedLstm } from './lstmComposed.ts';
import { hostLstm } from './lstmHost.ts';
import {
  defineSequence,
  RECURRENT_INPUTS,
  type RecurrentInputs,
  type SequenceAttributes,
  type SequenceImplementation,
} from './sequence.ts';

/** Tensors of an LSTM over a sequence. Its four gates are in Keras' order: input, forget, candidate, output. */
export interface LstmInputs extends RecurrentInputs {
  /** [batch, units], the cell before the first frame. */
  readonly initialCell: tf.Tensor2D;
}

/** An LSTM on one kind of backend. Outputs: y, lastCell, then what is saved. */
export type LstmImplementation = SequenceImplementation<LstmInputs, SequenceAttributes>;

/**
 * Runs an LSTM over a sequence: i, f, o = σ and g = tanh of x·kernel + (h₋₁ ⊙ mask)·recurrentKernel + bias;
 * c = f ⊙ c₋₁ + i ⊙ g; h = o ⊙ tanh(c).
 *
 * @returns y: h of every frame, [batch, frames, units], the last state being that of the frame read last; lastCell: c after
 *   it, [batch, units]. Both are differentiable by all inputs but the masks.
 */
export function lstmSequence(
  inputs: LstmInputs,
  attributes: SequenceAttributes,
): { y: tf.Tensor3D; lastCell: tf.Tensor2D } {
  return tf.tidy(() => {
    const [y, lastCell] = operation(inputs, attributes) as [tf.Tensor3D, tf.Tensor2D];
    return { y, lastCell };
  });
}

/** The implementation for the active backend. */
function implementationOf(): LstmImplementation {
  const engine = simd();
  if (engine) return simdLstm(engine);
  if (onHost()) return hostLstm;
  return onWebgpu() ? webgpuLstm : composedLstm;
}

const operation = defineSequence('LstmSequence', [...RECURRENT_INPUTS, 'initialCell'], 2, implementationOf);
