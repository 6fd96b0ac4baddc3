// what a cell's SIMD kernels give → gradients of the weights and of the inputs, by matrix products

import * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs } from '../../recurrent/sequence.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { matMul, sumRows } from '../matMul.ts';

/** Gradients over a whole sequence. */
export interface SequenceGradients {
  /** Of x·kernel + bias, [batch · frames, gates · units]. */
  readonly dProjected: tf.Tensor2D;
  /** Of the products with the recurrent kernel. @default dProjected */
  readonly dRecurrent?: tf.Tensor2D | undefined;
  /** h₋₁ ⊙ recurrentMask of every frame, [batch · frames, units]. */
  readonly states: tf.Tensor2D;
  /** Of the initial state, [batch, units]. */
  readonly dState: tf.Tensor2D;
}

/** x·kernel of all frames, [batch · frames, gates · units]. */
export function project({ x, kernel }: SequenceInputs): tf.Tensor2D {
  return matMul(rows(x), kernel);
}

/** The gradients that every cell has in common, each worked out when it is asked for. */
export function sharedGradients(
  { x, kernel }: SequenceInputs,
  { dProjected, dRecurrent = dProjected, states, dState }: SequenceGradients,
) {
  return {
    x: () => tf.reshape(matMul(dProjected, kernel, { bTransposed: true }), x.shape),
    kernel: () => matMul(rows(x), dProjected, { aTransposed: true }),
    recurrentKernel: () => matMul(states, dRecurrent, { aTransposed: true }),
    bias: () => sumRows(dProjected),
    initialState: () => dState,
  };
}

/** New tensors of so many columns, a row for each frame of each sequence. */
export function frameRows(x: tf.Tensor3D, ...columns: number[]): tf.Tensor2D[] {
  return columns.map((count) => hostTensor<tf.Rank.R2>([x.shape[0] * x.shape[1], count]));
}

function rows(x: tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[2]]);
}
