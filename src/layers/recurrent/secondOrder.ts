// sequence → a second-order recurrent network's output at every frame

import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../core/random.ts';
import { type SecondOrderInputs, secondOrderSequence } from '../../kernels/recurrent/secondOrderSequence.ts';
import { glorotUniform } from '../initialize.ts';
import { zeroWeight } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import {
  type ResolvedUngatedLayerOptions,
  resolveUngatedOptions,
  type UngatedLayerOptions,
} from './recurrentOptions.ts';

/** Options of {@link SecondOrder}. */
export type SecondOrderOptions = UngatedLayerOptions;

/**
 * Second-order recurrent network, h_i = φ(Σ_jk W_jki x_j h₋₁_k + b_i), [batch, frames, features] → [batch, frames, units]
 * (2 · units when bidirectional: forward, then backward; the backward outputs stay at their frames). The input chooses the
 * matrix that maps one state to the next: a one-hot x picks one of them, which makes the network a finite automaton.
 * A direction's state is h, and starts as (1, 0, …, 0): starting from zeros, W would have no effect.
 *
 * The full tensor has features · units² weights; {@link MultiplicativeRnn} is its factored form.
 *
 * Initial weights: W Glorot-uniform for features · units inputs, bias 0. A direction's weights are `[kernel, bias]`, the
 * kernel being W, [features, units before, units after].
 *
 * @see Giles et al. 1992, Learning and Extracting Finite State Automata with Second-Order Recurrent Neural Networks;
 *   Goudreau et al. 1994, First-Order versus Second-Order Single-Layer Recurrent Neural Networks
 */
export class SecondOrder extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionSecondOrder';
  /** The layer's own options, resolved. */
  readonly options: ResolvedUngatedLayerOptions;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 1;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: SecondOrderOptions) {
    super(options);
    this.options = resolveUngatedOptions('SecondOrder', options);
  }

  /** The tensor, and a bias. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units } = this.options;
    const [inputs, kernelRandom] = [features * units, random.fork('kernel')];
    return {
      kernel: {
        shape: [features, units, units],
        initialize: () => glorotUniform(inputs * units, inputs, units, kernelRandom),
      },
      bias: zeroWeight([units]),
    };
  }

  /** (1, 0, …, 0) for every sequence. */
  protected override firstState(batch: number): tf.Tensor2D {
    const { units } = this.options;
    const values = new Float32Array(batch * units);
    for (let b = 0; b < batch; b++) values[b * units] = 1;
    return tf.tensor2d(values, [batch, units]);
  }

  /** Runs the cell. */
  protected runCell(inputs: CellInputs, [initialState]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { activation, units } = this.options;
    const kernel = tf.reshape(inputs.kernel!, [-1, units * units]);
    return [secondOrderSequence({ ...inputs, kernel, initialState } as SecondOrderInputs, { reverse, activation })];
  }
}
