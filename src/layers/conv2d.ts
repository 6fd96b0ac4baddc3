// spectrogram → features of each neighbourhood

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkBoolean, checkInteger, checkOneOf, checkPair, checkSeed, type Resolved } from '../core/check.ts';
import { RandomStream } from '../core/random.ts';
import { conv2d } from '../kernels/conv2d.ts';
import { outputSize, type Padding, type Strides } from '../kernels/padding.ts';
import { heUniform } from './initialize.ts';
import {
  BaseLayer,
  channelsOf,
  checkNoOtherOption,
  MOST,
  type SeededLayerOptions,
  singleShape,
  singleTensor,
} from './layer.ts';

/** Options of {@link Conv2d}. */
export interface Conv2dOptions extends SeededLayerOptions {
  /** Number of filters: features of each neighbourhood. */
  filters: number;
  /** Size of the neighbourhood: [height (time), width (frequency)]. @default [3, 3] */
  kernelSize?: Strides | undefined;
  /** Distance between neighbourhoods. @default [1, 1] */
  strides?: Strides | undefined;
  /** Border treatment. @default 'same' */
  padding?: Padding | undefined;
  /** Applied to the result, in the same pass. @default 'linear' (none) */
  activation?: 'linear' | 'relu' | undefined;
  /** Whether to add a bias; of no use before batch normalisation, which subtracts it. @default true */
  useBias?: boolean | undefined;
}

/**
 * 2-D convolution, [batch, height, width, channels] → [batch, height', width', filters], whose gradients run at the
 * speed of the forward pass on every backend. Weights start He-uniform, the bias 0.
 */
export class Conv2d extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionConv2d';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<Conv2dOptions, 'name' | 'trainable'>>;
  #kernel!: tfl.LayerVariable;
  #bias: tfl.LayerVariable | undefined;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: Conv2dOptions) {
    super(options);
    const { filters, kernelSize = [3, 3], strides = [1, 1], padding = 'same', seed, ...rest } = options;
    const { activation = 'linear', useBias = true, ...others } = rest;
    const action = 'make Conv2d';
    checkNoOtherOption(action, others);
    checkInteger(action, 'filters', filters, 1, MOST);
    checkPair(action, 'kernelSize', kernelSize, MOST);
    checkPair(action, 'strides', strides, MOST);
    checkOneOf(action, 'padding', padding, ['same', 'valid']);
    checkOneOf(action, 'activation', activation, ['linear', 'relu']);
    checkBoolean(action, 'useBias', useBias);
    checkSeed(action, 'seed', seed);
    this.options = { filters, kernelSize, strides, padding, activation, useBias, seed };
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { filters, kernelSize, useBias, seed } = this.options;
    const channels = channelsOf('Conv2d', singleShape('Conv2d', inputShape, 4));
    const fanIn = kernelSize[0] * kernelSize[1] * channels;
    const random = new RandomStream(seed, 'kernel');
    this.#kernel = this.weight('kernel', [...kernelSize, channels, filters], (size) => heUniform(size, fanIn, random));
    if (useBias) this.#bias = this.weight('bias', [filters], (size) => new Float32Array(size));
    super.build(inputShape);
  }

  /** Convolves. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { strides, padding, activation } = this.options;
    return tf.tidy(() => {
      const x = singleTensor<tf.Rank.R4>(inputs);
      const bias = this.#bias?.read() as tf.Tensor1D | undefined;
      return conv2d(x, this.#kernel.read() as tf.Tensor4D, bias, { strides, padding, rectify: activation === 'relu' });
    });
  }

  /** [batch, height, width, channels] → [batch, height', width', filters] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const { filters, kernelSize, strides, padding } = this.options;
    const [batch, height, width] = singleShape('Conv2d', inputShape, 4) as [
      number | null,
      number | null,
      number | null,
    ];
    return [
      batch,
      outputSize(height, kernelSize[0], strides[0], padding),
      outputSize(width, kernelSize[1], strides[1], padding),
      filters,
    ];
  }
}
