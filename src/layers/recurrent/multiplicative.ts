// sequence → the output of a multiplicative RNN or LSTM at every frame

import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../core/random.ts';
import { dense } from '../../kernels/dense.ts';
import {
  type MultiplicativeLstmInputs,
  type MultiplicativeRnnInputs,
  multiplicativeLstmSequence,
  multiplicativeRnnSequence,
} from '../../kernels/recurrent/multiplicativeSequence.ts';
import { orthogonal } from '../initialize.ts';
import { forgetBias, gateKernels, inputKernel, zeroWeight } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import {
  type GatedLayerOptions,
  type ResolvedGatedLayerOptions,
  type ResolvedUngatedLayerOptions,
  resolveGatedOptions,
  resolveUngatedOptions,
  type UngatedLayerOptions,
} from './recurrentOptions.ts';

/** Options of {@link MultiplicativeRnn}. */
export type MultiplicativeRnnOptions = UngatedLayerOptions;

/**
 * Multiplicative recurrent network, h = φ(x·W + m·U + b) with m = (x·F) ⊙ (h₋₁·V), [batch, frames, features] → [batch, frames,
 * units] (2 · units when bidirectional: forward, then backward; the backward outputs stay at their frames): a
 * {@link SecondOrder} network whose tensor is factored into three matrices, and a first-order one beside it. A direction's
 * state is h.
 *
 * Initial weights: W and F Glorot-uniform, U and V orthogonal, bias 0. A direction's weights are `[kernel (W), recurrentKernel (U),
 * factorKernel (F), recurrentFactorKernel (V), bias]`. m has as many units as h.
 *
 * @see Sutskever et al. 2011, Generating Text with Recurrent Neural Networks
 */
export class MultiplicativeRnn extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMultiplicativeRnn';
  /** The layer's own options, resolved. */
  readonly options: ResolvedUngatedLayerOptions;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 1;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: MultiplicativeRnnOptions) {
    super(options);
    this.options = resolveUngatedOptions('MultiplicativeRnn', options);
  }

  /** Kernels, the factors' kernels, a bias. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units } = this.options;
    return {
      ...gateKernels(features, units, 1, random),
      ...factorKernels(features, units, random),
      bias: zeroWeight([units]),
    };
  }

  /** Runs the cell. */
  protected runCell(inputs: CellInputs, [initialState]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { activation } = this.options;
    const all = { ...withFactors(inputs), initialState } as MultiplicativeRnnInputs;
    return [multiplicativeRnnSequence(all, { reverse, activation })];
  }
}

/**
 * Multiplicative LSTM: an {@link Lstm} whose gates see m = (x·F) ⊙ (h₋₁·V) in place of h₋₁, [batch, frames, features] →
 * [batch, frames, units] (2 · units when bidirectional: forward, then backward; the backward outputs stay at their frames).
 * A direction's states are h and c.
 *
 * Initial weights are those of an LSTM; F is Glorot-uniform, V orthogonal. A direction's weights are `[kernel, recurrentKernel,
 * factorKernel (F), recurrentFactorKernel (V), bias]`. m has as many units as h.
 *
 * @see Krause et al. 2016, Multiplicative LSTM for sequence modelling, https://arxiv.org/abs/1609.07959
 */
export class MultiplicativeLstm extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMultiplicativeLstm';
  /** The layer's own options, resolved. */
  readonly options: ResolvedGatedLayerOptions;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 2;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: GatedLayerOptions) {
    super(options);
    this.options = resolveGatedOptions('MultiplicativeLstm', options);
  }

  /** Kernels, the factors' kernels, and a bias with which the forget gates start open. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units } = this.options;
    return {
      ...gateKernels(features, units, 4, random),
      ...factorKernels(features, units, random),
      bias: forgetBias(units),
    };
  }

  /** Runs the cell. */
  protected runCell(
    inputs: CellInputs,
    [initialState, initialCell]: [tf.Tensor2D, tf.Tensor2D],
    reverse: boolean,
  ): [tf.Tensor3D, tf.Tensor2D] {
    const all = { ...withFactors(inputs), initialState, initialCell } as MultiplicativeLstmInputs;
    const { y, lastCell } = multiplicativeLstmSequence(all, { reverse });
    return [y, lastCell];
  }
}

function factorKernels(features: number, units: number, random: RandomStream): Record<string, InitialWeight> {
  const recurrent = random.fork('recurrentFactorKernel');
  return {
    factorKernel: inputKernel(features, units, random.fork('factorKernel')),
    recurrentFactorKernel: { shape: [units, units], initialize: () => orthogonal(units, units, recurrent) },
  };
}

/** x·F in place of F. */
function withFactors({ factorKernel, ...inputs }: CellInputs): Omit<CellInputs, 'factorKernel'> {
  const kernel = factorKernel as tf.Tensor2D;
  return { ...inputs, factors: dense(inputs.x as tf.Tensor3D, kernel, tf.zeros([kernel.shape[1]])) } as never;
}
