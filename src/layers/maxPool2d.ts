// feature map → a smaller one of each window's maximum

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkPair, type Resolved } from '../core/check.ts';
import { maxPool2d } from '../kernels/maxPool2d.ts';
import { outputSize, type Strides } from '../kernels/padding.ts';
import { BaseLayer, checkNoOtherOption, type LayerOptions, MOST, singleShape, singleTensor } from './layer.ts';

/** Options of {@link MaxPool2d}. */
export interface MaxPool2dOptions extends LayerOptions {
  /** Size of the windows, which do not overlap: [height (time), width (frequency)]. */
  size: Strides;
}

/**
 * Max pooling, [batch, height, width, channels] → [batch, ⌈height / size[0]⌉, ⌈width / size[1]⌉, channels]. A part of a window
 * at the border counts as a window, so even a single frame passes.
 */
export class MaxPool2d extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMaxPool2d';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<MaxPool2dOptions, 'name' | 'trainable'>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: MaxPool2dOptions) {
    super(options);
    const { size, ...others } = options;
    checkNoOtherOption('make MaxPool2d', others);
    checkPair('make MaxPool2d', 'size', size, MOST);
    this.options = { size };
  }

  /** Pools. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => maxPool2d(singleTensor<tf.Rank.R4>(inputs), this.options.size));
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
