// typed arrays → a frame of a recurrent cell: what such a cell is made of

import type * as tf from '@tensorflow/tfjs-core';
import type { SequenceAttributes, SequenceInputs } from '../../recurrent/sequence.ts';
import type { Gradients } from '../../signatures/implementation.ts';
import type { HostFrame, Sizes } from './hostFrames.ts';

/** A cell in loops over typed arrays, a frame at a time. */
export interface HostCell<Inputs extends SequenceInputs, Attributes extends SequenceAttributes> {
  /** Inputs that hold the states before the first frame: the output, then others, each of which is an output too. */
  readonly initialStates: readonly (keyof Inputs & string)[];
  /** What of `forward`'s memory `backward` reads besides the states. */
  readonly saves: readonly ('gates' | 'extra')[];
  /** Whether recurrent products have gradients of their own, `dRecurrent`. @default they have those of the projected inputs */
  readonly separateRecurrent?: boolean | undefined;
  /** How many results of its own, [batch, frames, units] each, `backward` hands to `gradients`. @default 0 */
  readonly ownGradients?: number | undefined;
  /** Makes the function that computes the rows of a frame that count. */
  forward(values: Values<Inputs>, sizes: Sizes, attributes: Attributes): (frame: HostFrame, memory: Forward) => void;
  /** Makes the function that computes the gradients within a frame, for the rows that count. */
  backward(values: Values<Inputs>, sizes: Sizes, attributes: Attributes): (frame: HostFrame, memory: Backward) => void;
  /** Gradients of the inputs that not every cell has, or that it has otherwise. */
  gradients?(back: Backpropagated, inputs: Inputs): Gradients<Inputs>;
}

/** The memory of the inputs. */
export type Values<Inputs> = { readonly [Name in keyof Inputs]: Float32Array };

/** What `forward` works on. */
interface Forward {
  /** [batch, frames, gates · units], x·kernel, without bias; what is left here may be saved. */
  readonly gates: Float32Array;
  /** [batch, units], h₋₁ ⊙ recurrentMask. */
  readonly masked: Float32Array;
  /** The states before the frame, for `from` of its rows. */
  before: readonly Float32Array[];
  /** [batch, frames, units] each, to be written. */
  readonly states: readonly Float32Array[];
  /** [batch, frames, units], to be written where it is saved. */
  readonly extra: Float32Array;
}

/** What `backward` works on. */
interface Backward extends Forward {
  /** [batch, frames, units], h₋₁ ⊙ recurrentMask, of this frame and those after it. */
  readonly masked: Float32Array;
  /** [batch, units] each: of the states after the frame; to become those of the states before it, but for `dMasked`. */
  readonly dStates: readonly Float32Array[];
  /** [batch, units], to be written, 0 for rows that do not count (as products of `dGates` are): of h₋₁ ⊙ recurrentMask. */
  readonly dMasked: Float32Array;
  /** [batch, frames, gates · units], to be written: of the projected inputs. 0 where a frame does not count. */
  readonly dGates: Float32Array;
  /** The same of the recurrent products; the same memory where the cell does not separate them. */
  readonly dRecurrent: Float32Array;
  /** [batch, frames, units] each, 0 until written: what is the cell's own. */
  readonly own: readonly Float32Array[];
}

/** Gradients over whole sequences. */
export interface Backpropagated {
  /** [batch · frames, gates · units], of the projected inputs. */
  readonly dGates: tf.Tensor2D;
  /** [batch · frames, gates · units], of the recurrent products. */
  readonly dRecurrent: tf.Tensor2D;
  /** [batch · frames, units], h₋₁ ⊙ recurrentMask. */
  readonly masked: tf.Tensor2D;
  /** [batch · frames, units], as `forward` left it. */
  readonly extra: tf.Tensor2D | undefined;
  /** [batch · frames, units] each, as `backward` left them: what is the cell's own. */
  readonly own: readonly tf.Tensor2D[];
  /** [batch, units] each: of the initial states. */
  readonly dInitial: tf.Tensor2D[];
}

/** As accurate as float32 holds. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** As accurate as float32 holds, in half the time of Math.tanh. */
export function tanh(x: number): number {
  return 1 - 2 / (1 + Math.exp(2 * x));
}
