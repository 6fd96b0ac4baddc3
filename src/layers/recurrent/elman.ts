// sequence → a fully recurrent (Elman) network's output at every frame

import type * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../core/random.ts';
import { type ElmanInputs, elmanSequence } from '../../kernels/recurrent/elmanSequence.ts';
import { gateKernels, zeroWeight } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import {
  type ResolvedUngatedLayerOptions,
  resolveUngatedOptions,
  type UngatedLayerOptions,
} from './recurrentOptions.ts';

/** Options of {@link Elman}. */
export type ElmanOptions = UngatedLayerOptions;

/**
 * Fully recurrent network, h = φ(x·W + h₋₁·U + b), [batch, frames, features] → [batch, frames, units] (2 · units when
 * bidirectional: forward, then backward; the backward outputs stay at their frames). A direction's state is h.
 *
 * Initial weights are Keras': Glorot-uniform kernel, orthogonal recurrent kernel, bias 0. A direction's weights are `[kernel,
 * recurrentKernel, bias]`, as in `tf.layers.simpleRNN` and Keras' `SimpleRNN`; PyTorch's `RNN` has their transposes, and two
 * biases, to be summed.
 *
 * @see Elman 1990
 */
export class Elman extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionElman';
  /** The layer's own options, resolved. */
  readonly options: ResolvedUngatedLayerOptions;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 1;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: ElmanOptions) {
    super(options);
    this.options = resolveUngatedOptions('Elman', options);
  }

  /** A kernel, a recurrent kernel, a bias. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units } = this.options;
    return { ...gateKernels(features, units, 1, random), bias: zeroWeight([units]) };
  }

  /** Runs the cell. */
  protected runCell(inputs: CellInputs, [initialState]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { activation } = this.options;
    return [elmanSequence({ ...inputs, initialState } as ElmanInputs, { reverse, activation })];
  }
}
