// sequence → an LSTM's output at every frame

import type * as tf from '@tensorflow/tfjs-core';
import { lstmSequence } from '../kernels/recurrent/lstmSequence.ts';
import { type CellInputs, type FirstBias, RecurrentLayer } from './recurrentLayer.ts';
import {
  type RecurrentLayerOptions,
  type ResolvedRecurrentLayerOptions,
  resolveRecurrentOptions,
} from './recurrentOptions.ts';

/** Options of {@link Lstm}. */
export type LstmOptions = RecurrentLayerOptions;

/**
 * Long short-term memory, [batch, frames, features] → [batch, frames, units] (2 · units when bidirectional: forward, then
 * backward; the backward outputs stay at their frames). A direction's states are h and c.
 *
 * Gates, their order (i, f, c, o) and first weights are Keras': sigmoid gates, tanh cell, Glorot-uniform kernel, orthogonal
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
  readonly options: ResolvedRecurrentLayerOptions;
  /** Columns of the kernels for each unit. */
  protected readonly gates = 4;
  /** Tensors of a direction's state. */
  protected readonly stateCount = 2;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: LstmOptions) {
    super(options);
    this.options = resolveRecurrentOptions('Lstm', options);
  }

  /** Forget gates start open. */
  protected firstBias(): FirstBias {
    const { units } = this.options;
    return { shape: [4 * units], values: new Float32Array(4 * units).fill(1, units, 2 * units) };
  }

  /** Runs the cell. */
  protected runCell(
    inputs: CellInputs,
    [initialState, initialCell]: [tf.Tensor2D, tf.Tensor2D],
    reverse: boolean,
  ): [tf.Tensor3D, tf.Tensor2D] {
    const bias = inputs.bias as tf.Tensor1D;
    const { y, lastCell } = lstmSequence({ ...inputs, bias, initialState, initialCell }, { reverse });
    return [y, lastCell];
  }
}
