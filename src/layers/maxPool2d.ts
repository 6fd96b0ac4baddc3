// feature map → a smaller one of each window's maximum, or of the filtered maxima of overlapping windows

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkBoolean, checkPair, type Resolved } from '../core/check.ts';
import { maxBlurPool2d } from '../kernels/maxBlurPool2d.ts';
import { maxPool2d } from '../kernels/maxPool2d.ts';
import { outputSize, type Strides } from '../kernels/padding.ts';
import { BaseLayer, checkNoOtherOption, type LayerOptions, MOST, singleShape, singleTensor } from './layer.ts';

/** Options of {@link MaxPool2d}. */
export interface MaxPool2dOptions extends LayerOptions {
  /** Size of the windows, which do not overlap: [height (time), width (frequency)]. */
  size: Strides;
  /**
   * Whether the maxima of windows at every place go through a low-pass filter before every size-th of them is taken, as Zhang 2019 has it,
   * so that a shift of the input by less than a window changes the output less. The filter is a triangle, [1, 2, 1] / 4 for a size of 2;
   * what a border cuts off its weights is made up by the others.
   * @default false
   */
  antiAlias?: boolean | undefined;
}

/**
 * Max pooling, [batch, height, width, channels] → [batch, ⌈height / size[0]⌉, ⌈width / size[1]⌉, channels]. A part of a window
 * at the border counts as a window, so even a single frame passes.
 *
 * @see Zhang 2019, Making Convolutional Networks Shift-Invariant Again, https://arxiv.org/abs/1904.11486, for `antiAlias`
 */
export class MaxPool2d extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMaxPool2d';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<MaxPool2dOptions, 'name' | 'trainable'>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: MaxPool2dOptions) {
    super(options);
    const { size, antiAlias = false, ...others } = options;
    checkNoOtherOption('make MaxPool2d', others);
    checkPair('make MaxPool2d', 'size', size, MOST);
    checkBoolean('make MaxPool2d', 'antiAlias', antiAlias);
    this.options = { size, antiAlias };
  }

  /** Pools. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const pool = this.options.antiAlias ? maxBlurPool2d : maxPool2d;
    return tf.tidy(() => pool(singleTensor<tf.Rank.R4>(inputs), this.options.size));
  }

  /** Without `antiAlias` where it is false, as in models and checkpoints from before there was any. */
  override getConfig(): tf.serialization.ConfigDict {
    const { antiAlias, ...config } = super.getConfig();
    return antiAlias ? { ...config, antiAlias } : config;
  }

  /** [batch, height, width, channels] → [batch, ⌈height / size[0]⌉, ⌈width / size[1]⌉, channels] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [size] = [this.options.size];
    const [batch, height, width, channels] = singleShape('MaxPool2d', inputShape, 4) as (number | null)[];
    return [
      batch!,
      outputSize(height!, size[0], size[0], 'same'),
      outputSize(width!, size[1], size[1], 'same'),
      channels!,
    ];
  }
}
