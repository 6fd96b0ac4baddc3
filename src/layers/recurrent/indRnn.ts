// sequence → an independently recurrent network's output at every frame

import type * as tf from '@tensorflow/tfjs-core';
import { checkNumber, type Resolved } from '../../core/check.ts';
import type { RandomStream } from '../../core/random.ts';
import type { StateActivation } from '../../kernels/recurrent/activation.ts';
import { type IndRnnInputs, indRnnSequence } from '../../kernels/recurrent/indRnnSequence.ts';
import type { ConstrainedLayer, ConstrainedWeight } from '../constraints.ts';
import { inputKernel, zeroWeight } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import {
  type ResolvedUngatedLayerOptions,
  resolveUngatedOptions,
  type UngatedLayerOptions,
} from './recurrentOptions.ts';

/** Options of {@link IndRnn}. */
export interface IndRnnOptions extends UngatedLayerOptions {
  /** Activation of the state. @default 'relu', with which the paper stacks many layers */
  activation?: StateActivation | undefined;
  /**
   * Limit of each unit's recurrent weight, ±: with γ^(1/T), the gain over T frames stays within γ. `train` clips the weights to it, a
   * training loop of your own by `constrainWeights(model)`.
   * @default 1, which holds for sequences of any length; the paper's for T frames is 2 ** (1 / T)
   */
  recurrentLimit?: number | undefined;
}

/**
 * Independently recurrent network, h = φ(x·W + u ⊙ h₋₁ + b), [batch, frames, features] → [batch, frames, units] (2 · units when
 * bidirectional: forward, then backward; the backward outputs stay at their frames). A unit sees its own past only; units are
 * combined by the layer above. It is an {@link Elman} network with a diagonal U. A direction's state is h.
 *
 * Initial weights: Glorot-uniform kernel; u uniform in [0, 1], and within the limit; bias 0. A direction's weights are `[kernel,
 * recurrentWeights, bias]`.
 *
 * @see Li et al. 2018, Independently Recurrent Neural Network, https://arxiv.org/abs/1803.04831
 */
export class IndRnn extends RecurrentLayer implements ConstrainedLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionIndRnn';
  /** The layer's own options, resolved. */
  readonly options: ResolvedUngatedLayerOptions & Resolved<Pick<IndRnnOptions, 'recurrentLimit'>>;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 1;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: IndRnnOptions) {
    super(options);
    const { recurrentLimit = 1, ...others } = options;
    const resolved = resolveUngatedOptions('IndRnn', others, 'relu');
    checkNumber('make IndRnn', 'recurrentLimit', recurrentLimit, 1e-6, 1e6);
    this.options = { ...resolved, recurrentLimit };
  }

  /** The weights that have bounds. */
  get constrained(): readonly ConstrainedWeight[] {
    const { recurrentLimit: limit } = this.options;
    return this.weightsNamed('recurrentWeights').map((weight) => ({ weight, limit }));
  }

  /** A kernel, a weight for each unit, a bias. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units, recurrentLimit } = this.options;
    const recurrent = random.fork('recurrentWeights');
    const initialize = () =>
      Float32Array.from({ length: units }, () => recurrent.uniform(0, Math.min(1, recurrentLimit)));
    return {
      kernel: inputKernel(features, units, random.fork('kernel')),
      recurrentWeights: { shape: [units], initialize },
      bias: zeroWeight([units]),
    };
  }

  /** Runs the cell. */
  protected runCell(inputs: CellInputs, [initialState]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { activation } = this.options;
    return [indRnnSequence({ ...inputs, initialState } as IndRnnInputs, { reverse, activation })];
  }
}
