// sequence → an LSTM's output at every frame

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { lstmSequence } from '../kernels/recurrent/lstmSequence.ts';
import { RandomStream } from '../random.ts';
import { dropoutMask } from './dropoutMask.ts';
import { glorotUniform, orthogonal } from './initialize.ts';
import {
  BaseLayer,
  channelsOf,
  checkCount,
  checkOneOf,
  checkRate,
  type SeededLayerOptions,
  singleShape,
  singleTensor,
} from './layer.ts';
import type { StochasticLayer } from './trainingStep.ts';

/** Which way a recurrent layer reads a sequence: `bidirectional` reads both ways and concatenates the outputs. */
export type Direction = 'forward' | 'backward' | 'bidirectional';

/** Options of {@link Lstm}. */
export interface LstmOptions extends SeededLayerOptions {
  /** Size of the state, of each direction. */
  units: number;
  /** Reading direction. @default 'forward' */
  direction?: Direction;
  /**
   * Share of the previous output that training drops on its way into the gates, one mask a sequence (Gal & Ghahramani
   * 2016). For the inputs, put a `Dropout` of unit 'channel' before the layer.
   * @default 0
   */
  recurrentDropout?: number;
}

/**
 * Long short-term memory, [batch, frames, features] → [batch, frames, units] (2 · units when bidirectional: forward, then
 * backward; the backward outputs stay at their frames).
 *
 * Gates, their order (i, f, c, o) and first weights are Keras': sigmoid gates, tanh cell, Glorot-uniform kernel, orthogonal
 * recurrent kernel, forget bias 1. A direction's weights are `[kernel, recurrentKernel, bias]`, as in `tf.layers.lstm`
 * with `recurrentActivation: 'sigmoid'`, with which they are interchangeable.
 *
 * @see Hochreiter & Schmidhuber 1997; Gers et al. 2000 for the forget gate
 */
export class Lstm extends BaseLayer implements StochasticLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionLstm';
  /** The layer's own options, resolved. */
  readonly options: Readonly<Required<Omit<LstmOptions, 'name' | 'trainable'>>>;
  /** The training step that recurrent masks are drawn for. */
  step = 0;
  readonly #directions: DirectionWeights[] = [];

  /** @throws {RangeError} when an option is out of range */
  constructor(options: LstmOptions) {
    super(options);
    const { units, direction = 'forward', recurrentDropout = 0, seed } = options;
    checkCount('make Lstm', 'units', units);
    checkOneOf('make Lstm', 'direction', direction, ['forward', 'backward', 'bidirectional']);
    checkRate('make Lstm', 'recurrentDropout', recurrentDropout);
    this.options = { units, direction, recurrentDropout, seed };
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { units, direction, seed } = this.options;
    const features = channelsOf('Lstm', singleShape('Lstm', inputShape, 3));
    for (const name of direction === 'bidirectional' ? (['forward', 'backward'] as const) : [direction]) {
      const random = new RandomStream(seed, name);
      const prefix = direction === 'bidirectional' ? `${name}_` : '';
      this.#directions.push({
        name,
        kernel: this.weight(`${prefix}kernel`, [features, 4 * units], (size) =>
          glorotUniform(size, features, 4 * units, random.fork('kernel')),
        ),
        recurrentKernel: this.weight(`${prefix}recurrentKernel`, [units, 4 * units], () =>
          orthogonal(units, 4 * units, random.fork('recurrentKernel')),
        ),
        bias: this.weight(`${prefix}bias`, [4 * units], (size) => new Float32Array(size).fill(1, units, 2 * units)),
      });
    }
    super.build(inputShape);
  }

  /** Runs over the sequence from a zero state. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean } = {}): tf.Tensor {
    const { units, recurrentDropout, seed } = this.options;
    return tf.tidy(() => {
      const x = singleTensor<tf.Rank.R3>(inputs);
      const stateShape: [number, number] = [x.shape[0], units];
      const outputs = this.#directions.map(({ name, kernel, recurrentKernel, bias }) => {
        const recurrentMask =
          kwargs.training && recurrentDropout > 0
            ? dropoutMask<tf.Rank.R2>(stateShape, recurrentDropout, seed, this.step, `${name} mask`)
            : tf.ones<tf.Rank.R2>(stateShape);
        return lstmSequence(
          {
            x,
            kernel: kernel.read() as tf.Tensor2D,
            recurrentKernel: recurrentKernel.read() as tf.Tensor2D,
            bias: bias.read() as tf.Tensor1D,
            recurrentMask,
            frameMask: tf.ones([x.shape[0], x.shape[1]]),
            initialState: tf.zeros(stateShape),
            initialCell: tf.zeros(stateShape),
          },
          { reverse: name === 'backward' },
        ).y;
      });
      return outputs.length === 1 ? outputs[0]! : tf.concat(outputs, 2);
    });
  }

  /** [batch, frames, features] → [batch, frames, units or 2 · units] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const { units, direction } = this.options;
    const [batch, frames] = singleShape('Lstm', inputShape, 3) as [number | null, number | null];
    return [batch, frames, direction === 'bidirectional' ? 2 * units : units];
  }
}

interface DirectionWeights {
  readonly name: 'forward' | 'backward';
  readonly kernel: tfl.LayerVariable;
  readonly recurrentKernel: tfl.LayerVariable;
  readonly bias: tfl.LayerVariable;
}
