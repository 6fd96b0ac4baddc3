// sequence → an LSTM's output at every frame, as one operation on the gradient tape
//
// tfjs-layers records some hundred operations a frame. Here the whole sequence is one: inputs of all frames are
// projected by one matrix product, only the recurrent product is left to the loop, and backpropagation through time is
// written out, with one matrix product each for the gradients of the weights.

import * as tf from '@tensorflow/tfjs-core';
import { onHost } from './hostMemory.ts';
import { composedGradient, composedSequence } from './lstmComposed.ts';
import { hostGradient, hostSequence } from './lstmHost.ts';
import { defineOperation } from './operation.ts';

/** Tensors of an LSTM over a sequence. Gates are in Keras' order: input, forget, candidate, output. */
export interface LstmInputs extends tf.NamedTensorMap {
  /** [batch, frames, features] */
  readonly x: tf.Tensor3D;
  /** [features, 4 · units] */
  readonly kernel: tf.Tensor2D;
  /** [units, 4 · units] */
  readonly recurrentKernel: tf.Tensor2D;
  /** [4 · units] */
  readonly bias: tf.Tensor1D;
  /** [batch, units]: what the previous output is multiplied by on its way into the gates; ones without dropout. */
  readonly recurrentMask: tf.Tensor2D;
}

/** Direction of an LSTM over a sequence. */
export interface LstmAttributes {
  /** From the last frame to the first; outputs stay at their frames. */
  readonly reverse: boolean;
}

/** What an implementation keeps for its gradient, in a layout of its own. */
export type LstmSequence = [y: tf.Tensor3D, gates: tf.Tensor3D, cells: tf.Tensor3D];

/** Gradients of an implementation. */
export interface LstmGradients {
  readonly x: tf.Tensor;
  readonly kernel: tf.Tensor;
  readonly recurrentKernel: tf.Tensor;
  readonly bias: tf.Tensor;
}

/**
 * Runs an LSTM over a sequence from a zero state: i, f, o = σ and g = tanh of x·kernel + (h₋₁ ⊙ mask)·recurrentKernel + bias;
 * c = f ⊙ c₋₁ + i ⊙ g; h = o ⊙ tanh(c).
 *
 * @returns h, [batch, frames, units]
 */
export function lstmSequence(inputs: LstmInputs, attributes: LstmAttributes): tf.Tensor3D {
  return tf.tidy(() => operation(inputs, attributes)[0] as tf.Tensor3D);
}

const operation = defineOperation<LstmInputs, LstmAttributes>({
  name: 'LstmSequence',
  inputsToSave: ['x', 'kernel', 'recurrentKernel', 'recurrentMask'],
  outputs: 1,
  saveOutputs: true,
  forward: (inputs, attributes) => (onHost() ? hostSequence(inputs, attributes) : composedSequence(inputs, attributes)),
  gradient: ([dy], [x, kernel, recurrentKernel, recurrentMask, y, gates, cells], attributes) => {
    const inputs = { x, kernel, recurrentKernel, recurrentMask } as Omit<LstmInputs, 'bias'>;
    const sequence = [y, gates, cells] as LstmSequence;
    const gradient = onHost() ? hostGradient : composedGradient;
    const gradients = gradient(dy as tf.Tensor3D, inputs as LstmInputs, sequence, attributes);
    return {
      x: () => gradients.x,
      kernel: () => gradients.kernel,
      recurrentKernel: () => gradients.recurrentKernel,
      bias: () => gradients.bias,
    };
  },
});
