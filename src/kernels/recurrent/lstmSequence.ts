// sequence → an LSTM's output at every frame and its last cell, as one operation on the gradient tape

import * as tf from '@tensorflow/tfjs-core';
import { composedLstm } from '../backends/composed/lstm.ts';
import { hostLstm } from '../backends/host/lstm.ts';
import { simdLstm } from '../backends/simd/lstm.ts';
import { simd } from '../backends/simd/simd.ts';
import { webgpuLstm } from '../backends/webgpu/lstm.ts';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
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
 * c = f ⊙ c₋₁ + i ⊙ g; h = o ⊙ tanh(c). With an input `updateMask`, [batch, units], g is multiplied by it (Semeniuta et al. 2016).
 *
 * @returns y: h of every frame, [batch, frames, units], the last state being that of the frame read last; lastCell: c after
 *   it, [batch, units]. Both are differentiable by all inputs but the masks.
 */
export function lstmSequence(
  inputs: LstmInputs,
  attributes: SequenceAttributes,
): { y: tf.Tensor3D; lastCell: tf.Tensor2D } {
  return tf.tidy(() => {
    const run = 'updateMask' in inputs ? withDropout : operation;
    const [y, lastCell] = run(inputs as LstmDropoutInputs, attributes) as [tf.Tensor3D, tf.Tensor2D];
    return { y, lastCell };
  });
}

/** Tensors of an LSTM of which training drops part of the update. */
interface LstmDropoutInputs extends LstmInputs {
  /** [batch, units], what g is multiplied by. */
  readonly updateMask: tf.Tensor2D;
}

/** The implementation for the active backend. */
function implementationOf(): LstmImplementation {
  const engine = simd();
  if (engine) return simdLstm(engine);
  if (onHost()) return hostLstm;
  return onWebgpu() ? webgpuLstm : composedLstm;
}

const operation = defineSequence('LstmSequence', [...RECURRENT_INPUTS, 'initialCell'], 2, implementationOf);

/** Where memory is at hand, in loops over it. */
const withDropout = defineSequence<LstmDropoutInputs, SequenceAttributes>(
  'LstmDropoutSequence',
  [...RECURRENT_INPUTS, 'initialCell', 'updateMask'],
  2,
  () => (onHost() ? hostLstm : implementationOf()),
);
