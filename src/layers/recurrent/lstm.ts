// sequence → an LSTM's output at every frame

import type * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../core/random.ts';
import { type LstmInputs, lstmSequence } from '../../kernels/recurrent/lstmSequence.ts';
import { forgetBias, gateKernels } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import { type GatedLayerOptions, type ResolvedGatedLayerOptions, resolveGatedOptions } from './recurrentOptions.ts';

/** Options of {@link Lstm}. */
export type LstmOptions = GatedLayerOptions;

/**
 * Long short-term memory, [batch, frames, features] → [batch, frames, units] (2 · units when bidirectional: forward, then
 * backward; the backward outputs stay at their frames). A direction's states are h and c.
 *
 * Gates, their order (i, f, c, o) and initial weights are Keras': sigmoid gates, tanh cell, Glorot-uniform kernel, orthogonal
 * recurrent kernel, forget bias 1. A direction's weights are `[kernel, recurrentKernel, bias]`, as in `tf.layers.lstm`
 * with `recurrentActivation: 'sigmoid'`, with which they are interchangeable; PyTorch's are their transposes, in the same
 * order, its two biases summed.
 *
 * @see Hochreiter & Schmidhuber 1997; Gers et al. 2000 for the forget gate
 */
export class Lstm extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionLstm';
  /** The layer's own options, resolved. */
  readonly options: ResolvedGatedLayerOptions;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 2;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: LstmOptions) {
    super(options);
    this.options = resolveGatedOptions('Lstm', options);
  }

  /** A kernel, a recurrent kernel, and a bias with which the forget gates start open. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units } = this.options;
    return { ...gateKernels(features, units, 4, random), bias: forgetBias(units) };
  }

  /** Runs the cell. */
  protected runCell(
    inputs: CellInputs,
    [initialState, initialCell]: [tf.Tensor2D, tf.Tensor2D],
    reverse: boolean,
  ): [tf.Tensor3D, tf.Tensor2D] {
    const { y, lastCell } = lstmSequence({ ...inputs, initialState, initialCell } as LstmInputs, { reverse });
    return [y, lastCell];
  }
}
