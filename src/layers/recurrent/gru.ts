// sequence → a gated recurrent unit's output at every frame

import * as tf from '@tensorflow/tfjs-core';
import { checkBoolean, type Resolved } from '../../core/check.ts';
import type { RandomStream } from '../../core/random.ts';
import { type GruInputs, gruSequence } from '../../kernels/recurrent/gruSequence.ts';
import { gateKernels, zeroWeight } from './initialWeights.ts';
import { type CellInputs, type InitialWeight, RecurrentLayer } from './recurrentLayer.ts';
import { type GatedLayerOptions, type ResolvedGatedLayerOptions, resolveGatedOptions } from './recurrentOptions.ts';

/** Options of {@link Gru}. */
export interface GruOptions extends GatedLayerOptions {
  /**
   * Whether the reset gate is applied to the candidate's recurrent product, or to the state before it (Cho et al.).
   * @default true, as in PyTorch, cuDNN and Keras 2; tfjs' own layer has false
   */
  resetAfter?: boolean | undefined;
}

/**
 * Gated recurrent unit, [batch, frames, features] → [batch, frames, units] (2 · units when bidirectional: forward, then
 * backward; the backward outputs stay at their frames). A direction's state is h.
 *
 * Gates, their order (z, r, h) and initial weights are Keras': sigmoid gates, tanh candidate, Glorot-uniform kernel,
 * orthogonal recurrent kernel, bias 0; h = z ⊙ h₋₁ + (1 − z) ⊙ h′. A direction's weights are `[kernel, recurrentKernel,
 * bias]`. With `resetAfter`, bias is [2, 3 · units], of the inputs and of the state, and the weights are those of Keras'
 * `GRU`; PyTorch's are their transposes, with r before z. Without, bias is [3 · units], and the weights are those of
 * `tf.layers.gru` with `recurrentActivation: 'sigmoid'`.
 *
 * @see Cho et al. 2014
 */
export class Gru extends RecurrentLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionGru';
  /** The layer's own options, resolved. */
  readonly options: ResolvedGatedLayerOptions & Resolved<Pick<GruOptions, 'resetAfter'>>;
  /** Number of tensors of a direction's state. */
  protected readonly stateCount = 1;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: GruOptions) {
    super(options);
    const { resetAfter = true, ...others } = options;
    checkBoolean('make Gru', 'resetAfter', resetAfter);
    this.options = { ...resolveGatedOptions('Gru', others), resetAfter };
  }

  /** A kernel, a recurrent kernel, a bias or two. */
  protected weightInitializers(features: number, random: RandomStream): Record<string, InitialWeight> {
    const { units, resetAfter } = this.options;
    const bias = zeroWeight(resetAfter ? [2, 3 * units] : [3 * units]);
    return { ...gateKernels(features, units, 3, random), bias };
  }

  /** Runs the cell. */
  protected runCell(inputs: CellInputs, [initialState]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const { resetAfter } = this.options;
    const given = inputs.bias!;
    const [bias, recurrentBias] = resetAfter ? tf.unstack(given) : [given, tf.zeros(given.shape)];
    return [gruSequence({ ...inputs, bias, recurrentBias, initialState } as GruInputs, { reverse, resetAfter })];
  }
}
