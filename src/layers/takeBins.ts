// picture → some of its bins

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { BaseLayer, checkCount, type LayerOptions, singleShape, singleTensor } from './layer.ts';

/** Options of {@link TakeBins}. */
export interface TakeBinsLayerOptions extends LayerOptions {
  /** The first bin; counted from the end where it is negative. */
  from: number;
  /** How many. */
  count: number;
}

/** Some of the bins: [batch, frames, bins, channels] → [batch, frames, count, channels]. */
export class TakeBins extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionTakeBins';
  /** The layer's own options, resolved. */
  readonly options: Readonly<Required<Omit<TakeBinsLayerOptions, 'name' | 'trainable'>>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: TakeBinsLayerOptions) {
    super(options);
    const { from, count } = options;
    checkCount('take bins', 'count', count);
    this.options = { from, count };
  }

  /** Takes them. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor<tf.Rank.R4>(inputs);
      const [batch, frames, bins, channels] = x.shape;
      const { from, count } = this.options;
      return tf.slice(x, [0, 0, from < 0 ? bins + from : from, 0], [batch, frames, count, channels]);
    });
  }

  /** [batch, frames, bins, channels] → [batch, frames, count, channels] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, frames, , channels] = singleShape('TakeBins', inputShape, 4);
    return [batch!, frames!, this.options.count, channels!];
  }
}
