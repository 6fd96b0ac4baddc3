// features → features and their derivatives over time

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInteger, type Resolved } from '../core/check.ts';
import { BaseLayer, checkNoOtherOption, type LayerOptions, singleShape, singleTensor } from './layer.ts';

/** The most derivatives; from the third on they are noise. */
export const MOST_DELTAS = 8;

/** Options of {@link Deltas}. */
export interface DeltasLayerOptions extends LayerOptions {
  /** How many derivatives: 1 adds the slope, 2 the slope of the slope, too. @default 2 */
  order?: number | undefined;
  /** Frames over which a slope is fitted, odd and at least 3. @default 5 */
  windowLength?: number | undefined;
}

/**
 * Features and their derivatives over time, [batch, frames, bins, channels] → [batch, frames, bins, channels · (order + 1)]:
 * first the channels as they are, then their slopes, then the slopes of those. A slope is that of `deltas`: a least-squares fit over a
 * window centred on the frame, with the first and the last frame repeated beyond the ends.
 *
 * A layer of the network rather than a kind of features, so that augmentation changes features and slopes alike.
 *
 * @see Chen et al. 2018, "3-D Convolutional Recurrent Neural Networks With Attention Model for Speech Emotion Recognition",
 *   IEEE Signal Processing Letters 25(10), https://doi.org/10.1109/LSP.2018.2860246
 */
export class Deltas extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionDeltas';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<DeltasLayerOptions, 'name' | 'trainable'>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: DeltasLayerOptions = {}) {
    super(options);
    const { order = 2, windowLength = 5, ...others } = options;
    checkNoOtherOption('make Deltas', others);
    checkInteger('make Deltas', 'order', order, 1, MOST_DELTAS);
    checkInteger('make Deltas', 'windowLength', windowLength, 3, 999);
    if (windowLength % 2 === 0) {
      throw new RangeError(`Cannot make Deltas: windowLength must be odd, got ${windowLength}`);
    }
    this.options = { order, windowLength };
  }

  /** Appends the slopes. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const channels = [singleTensor<tf.Rank.R4>(inputs)]; // each [batch, frames, bins, channels]
      for (let order = 0; order < this.options.order; order++) channels.push(this.#slope(channels.at(-1)!));
      return tf.concat(channels, 3);
    });
  }

  #slope(x: tf.Tensor4D): tf.Tensor4D {
    const reach = (this.options.windowLength - 1) / 2;
    const [batch, frames, bins, channels] = x.shape;
    const from = (frame: number, count: number, of: tf.Tensor4D) =>
      tf.slice(of, [0, frame, 0, 0], [batch, count, bins, channels]);
    const [first, last] = [from(0, 1, x), from(frames - 1, 1, x)];
    const ends = Array.from({ length: reach });
    const longer = tf.concat([...ends.map(() => first), x, ...ends.map(() => last)], 1);
    const divisor = (reach * (reach + 1) * (2 * reach + 1)) / 3; // 2 Σ n²
    const parts = ends.map((_, i) => {
      const n = i + 1;
      const change = tf.sub(from(reach + n, frames, longer), from(reach - n, frames, longer));
      return tf.mul(change, n / divisor);
    });
    return tf.addN(parts) as tf.Tensor4D;
  }

  /** [batch, frames, bins, channels] → [batch, frames, bins, channels · (order + 1)] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const shape = singleShape('Deltas', inputShape, 4);
    return [...shape.slice(0, 3), (shape[3] as number) * (this.options.order + 1)];
  }
}
