// sequence → one vector

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { BaseLayer, channelsOf, checkOneOf, type LayerOptions, singleShape, singleTensor } from './layer.ts';
import type { Direction } from './lstm.ts';

/** Base of the poolings over time, [batch, frames, features] → [batch, features]. */
abstract class TimePooling extends BaseLayer {
  /** [batch, frames, features] → [batch, features] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, , features] = singleShape(this.getClassName(), inputShape, 3) as (number | null)[];
    return [batch!, features!];
  }
}

/**
 * Mean over the frames, [batch, frames, features] → [batch, features]. Over frames of probabilities this is the frame sum
 * (a softmax at every frame, probabilities summed), divided by the number of frames so that it remains a distribution.
 */
export class MeanPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMeanPooling';
  /** The layer's own options: none. */
  readonly options = {};

  /** @param options name */
  constructor(options: LayerOptions = {}) {
    super(options);
  }

  /** Averages. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.mean(singleTensor(inputs), 1));
  }
}

/**
 * Local attention, z = Σ α_t y_t with α = softmax over t of uᵀy_t, [batch, frames, features] → [batch, features]. u is
 * learned and starts at 0, where this is the mean.
 *
 * @see Mirsamadi et al. 2017, equations 1 and 2
 */
export class AttentionPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionAttentionPooling';
  /** The layer's own options: none. */
  readonly options = {};
  #query!: tfl.LayerVariable;

  /** @param options name, trainable */
  constructor(options: LayerOptions = {}) {
    super(options);
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const features = channelsOf('AttentionPooling', singleShape('AttentionPooling', inputShape, 3));
    this.#query = this.weight('query', [features], (size) => new Float32Array(size));
    super.build(inputShape);
  }

  /** Averages by learned weights. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      const scores = tf.sum(tf.mul(y, this.#query.read()), 2); // [batch, frames]
      const weights = tf.expandDims(tf.softmax(scores), 2); // [batch, frames, 1]
      return tf.sum(tf.mul(y, weights), 1);
    });
  }
}

/** Options of {@link FinalFrame}. */
export interface FinalFrameOptions extends LayerOptions {
  /** Which way the recurrent layer before read the sequence. @default 'forward' */
  direction?: Direction;
}

/**
 * What a recurrent layer puts out last, [batch, frames, features] → [batch, features]: the last frame of a forward layer,
 * the first of a backward one, and of a bidirectional one each half by its own direction.
 */
export class FinalFrame extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionFinalFrame';
  /** The layer's own options, resolved. */
  readonly options: Readonly<Required<Omit<FinalFrameOptions, 'name' | 'trainable'>>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: FinalFrameOptions = {}) {
    super(options);
    const { direction = 'forward' } = options;
    checkOneOf('make FinalFrame', 'direction', direction, ['forward', 'backward', 'bidirectional']);
    this.options = { direction };
  }

  /** Takes the frame. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { direction } = this.options;
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs);
      const [batch, frames, features] = y.shape;
      const part = (frame: number, start: number, size: number) =>
        tf.reshape(tf.slice(y, [0, frame, start], [batch, 1, size]), [batch, size]);
      if (direction === 'forward') return part(frames - 1, 0, features);
      if (direction === 'backward') return part(0, 0, features);
      const half = features / 2;
      return tf.concat([part(frames - 1, 0, half), part(0, half, half)], 1);
    });
  }
}
