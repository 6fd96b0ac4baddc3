// forward and gradient of a recurrent cell, for each kind of backend → one operation over a whole sequence
//
// tfjs-layers records some hundred operations a frame. Here the whole sequence is one: inputs of all frames are projected
// by one matrix product, only what depends on the frame before is left to the loop, and backpropagation through time is
// written out, with one matrix product each for the gradients of the weights.

import type * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Gradients } from '../operation.ts';

/** What every cell reads. A cell has so many gates, of `units` columns each in the order that it states. */
export interface SequenceInputs extends tf.NamedTensorMap {
  /** [batch, frames, features] */
  readonly x: tf.Tensor3D;
  /** [features, gates · units] */
  readonly kernel: tf.Tensor2D;
  /** [gates · units] */
  readonly bias: tf.Tensor1D;
  /** [batch, units], what the previous output is multiplied by on its way into the gates; ones without dropout. */
  readonly recurrentMask: tf.Tensor2D;
  /**
   * [batch, frames], 1 where a frame counts, 0 where it is padding. There the state is carried over unchanged and the output
   * repeats it, as in Keras.
   */
  readonly frameMask: tf.Tensor2D;
  /** [batch, units], the output before the first frame. */
  readonly initialState: tf.Tensor2D;
}

/** What a cell reads whose gates see the previous output through a matrix. */
export interface RecurrentInputs extends SequenceInputs {
  /** [units, gates · units] */
  readonly recurrentKernel: tf.Tensor2D;
}

/** How a sequence is read. */
export interface SequenceAttributes {
  /** From the last frame to the first; outputs stay at their frames. */
  readonly reverse: boolean;
}

/** A cell on one kind of backend. */
export interface SequenceImplementation<Inputs extends SequenceInputs, Attributes extends SequenceAttributes> {
  /**
   * Inputs → the operation's outputs, then what only `gradient` reads, in a layout of the implementation's own.
   */
  forward(inputs: Inputs, attributes: Attributes): tf.Tensor[];
  /**
   * Gradients of the outputs → gradients of the inputs, but for both masks, which have none. `dys` holds one tensor for each
   * of the operation's outputs, `results` all that `forward` returned.
   *
   * What the functions of the result share, `gradient` itself computes: each of them is called where its input needs a
   * gradient, at most once, and must return a tensor of its own.
   */
  gradient(dys: tf.Tensor[], inputs: Inputs, results: tf.Tensor[], attributes: Attributes): Gradients<Inputs>;
}

/**
 * Makes the operation of a cell.
 *
 * @param name of the kernel
 * @param inputNames all inputs of the cell
 * @param outputs how many outputs it has
 * @param implementationOf chooses the implementation for the active backend: the same one for a sequence and its gradient
 */
export function defineSequence<Inputs extends SequenceInputs, Attributes extends SequenceAttributes>(
  name: string,
  inputNames: readonly (keyof Inputs & string)[],
  outputs: number,
  implementationOf: () => SequenceImplementation<Inputs, Attributes>,
): (inputs: Inputs, attributes: Attributes) => tf.Tensor[] {
  return defineOperation<Inputs, Attributes>({
    name,
    outputs,
    inputsToSave: inputNames,
    saveOutputs: true,
    forward: (inputs, attributes) => implementationOf().forward(inputs, attributes),
    gradient: (dys, saved, attributes) => {
      const inputs = Object.fromEntries(inputNames.map((input, i) => [input, saved[i]])) as unknown as Inputs;
      return implementationOf().gradient(dys, inputs, saved.slice(inputNames.length), attributes);
    },
  });
}

/** The inputs of every cell, for `defineSequence`. */
export const SEQUENCE_INPUTS = ['x', 'kernel', 'bias', 'recurrentMask', 'frameMask', 'initialState'] as const;

/** The inputs of a cell with a recurrent kernel. */
export const RECURRENT_INPUTS = [...SEQUENCE_INPUTS, 'recurrentKernel'] as const;
