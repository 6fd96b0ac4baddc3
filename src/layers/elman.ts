// sequence → a fully recurrent network's output at every frame

import type * as tf from '@tensorflow/tfjs-core';
import { type ElmanActivation, elmanSequence } from '../kernels/recurrent/elmanSequence.ts';
import { checkOneOf } from './layer.ts';
import { type CellInputs, type FirstBias, RecurrentLayer } from './recurrentLayer.ts';
import {
  type RecurrentLayerOptions,
  type ResolvedRecurrentLayerOptions,
  resolveRecurrentOptions,
} from './recurrentOptions.ts';

/** Options of {@link Elman}. */
export interface ElmanOptions extends RecurrentLayerOptions {
  /** What squashes the state. @default 'tanh' */
  activation?: ElmanActivation;
}

/**
 * Fully recurrent network, h = φ(x·W + h₋₁·U + b), [batch, frames, features] → [batch, frames, units] (2 · units when
 * bidirectional: forward, then backward; the backward outputs stay at their frames). A direction's state is h.
 *
 * First weights are Keras': Glorot-uniform kernel, orthogonal recurrent kernel, bias 0. A direction's weights are `[kernel,
 * recurrentKernel, bias]`, as in `tf.layers.simpleRNN` and Keras' `SimpleRNN`; PyTorch's `RNN` has their transposes, and two
 * biases to be summed.
 *
 * @see Elman 1990
 */
export class Elman extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionElman';
  /** The layer's own options, resolved. */
  readonly options: ResolvedRecurrentLayerOptions & Required<Pick<ElmanOptions, 'activation'>>;
  /** Columns of the kernels for each unit. */
  protected readonly gates = 1;
  /** Tensors of a direction's state. */
  protected readonly stateCount = 1;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: ElmanOptions) {
    super(options);
    const { activation = 'tanh' } = options;
    checkOneOf('make Elman', 'activation', activation, ['tanh', 'relu']);
    this.options = { ...resolveRecurrentOptions('Elman', options), activation };
  }

  /** Zeros. */
  protected firstBias(): FirstBias {
    const { units } = this.options;
    return { shape: [units], values: new Float32Array(units) };
  }

  /** Runs the cell. */
  protected runCell(inputs: CellInputs, [initialState]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { activation } = this.options;
    const bias = inputs.bias as tf.Tensor1D;
    return [elmanSequence({ ...inputs, bias, initialState }, { reverse, activation })];
  }
}
