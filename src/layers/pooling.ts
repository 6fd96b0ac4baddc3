// sequence → one vector

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkOneOf, checkOptions, type Resolved } from '../core/check.ts';
import { type CallOptions, frameMaskOf } from './frameMask.ts';
import { BaseLayer, channelsOf, checkNoOtherOption, type LayerOptions, singleShape, singleTensor } from './layer.ts';
import { DIRECTIONS, type Direction } from './recurrentOptions.ts';

/** Lowers a score so far that its softmax is 0. */
const NEVER = 1e9;

/** Base of the poolings over time, [batch, frames, features] → [batch, features]. */
abstract class TimePooling extends BaseLayer {
  /** The layer's own options: none, where it does not say otherwise. */
  override readonly options: object = {};

  /** @param options name, trainable */
  constructor(options: LayerOptions = {}) {
    super(options);
    checkNoOtherOption(`make ${this.getClassName().replace('SpeechEmotion', '')}`, options);
    this.supportsMasking = true;
  }

  /** None: no frames are left. */
  override computeMask(): tf.Tensor {
    return null as never; // what tfjs takes for no mask
  }

  /** [batch, frames, features] → [batch, features] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, , features] = singleShape(this.getClassName(), inputShape, 3) as (number | null)[];
    return [batch!, features!];
  }
}

/**
 * Mean over the frames, [batch, frames, features] → [batch, features]. Over frames of probabilities this is the frame sum
 * (a softmax at every frame, probabilities summed), divided by the number of frames so that it remains a distribution.
 * Frames that a mask leaves out do not count.
 */
export class MeanPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMeanPooling';

  /** Averages. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      return meanOfCounted(y, frameMaskOf(y, kwargs));
    });
  }
}

/**
 * Local attention, z = Σ α_t y_t with α = softmax over t of uᵀy_t, [batch, frames, features] → [batch, features]. u is
 * learned and starts at 0, where this is the mean. Frames that a mask leaves out get no weight.
 *
 * @see Mirsamadi et al. 2017, equations 1 and 2
 */
export class AttentionPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionAttentionPooling';
  #query!: tfl.LayerVariable;

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const features = channelsOf('AttentionPooling', singleShape('AttentionPooling', inputShape, 3));
    this.#query = this.weight('query', [features], (size) => new Float32Array(size));
    super.build(inputShape);
  }

  /** Averages by learned weights. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      return tf.sum(tf.mul(y, tf.expandDims(this.attention(y, kwargs), 2)), 1);
    });
  }

  /** α: how much each frame weighs, [batch, frames, features] → [batch, frames], sum 1 over the frames. */
  attention(y: tf.Tensor3D, kwargs: CallOptions = {}): tf.Tensor2D {
    return tf.tidy(() => {
      const mask = frameMaskOf(y, kwargs);
      const scores = tf.sum(tf.mul(y, this.#query.read()), 2); // [batch, frames]
      return tf.softmax(mask ? tf.add(scores, tf.mul(tf.sub(mask, 1), NEVER)) : scores) as tf.Tensor2D;
    });
  }
}

/** Options of {@link FinalFrame}. */
export interface FinalFrameOptions extends LayerOptions {
  /** Which way the recurrent layer before read the sequence. @default 'forward' */
  direction?: Direction | undefined;
}

/**
 * What a recurrent layer puts out last, [batch, frames, features] → [batch, features]: the last frame of a forward layer,
 * the first of a backward one, and of a bidirectional one each half by its own direction. Behind frames that a mask leaves
 * out this is the last one that counts, for recurrent layers repeat their output there.
 */
export class FinalFrame extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionFinalFrame';
  /** The layer's own options, resolved. */
  override readonly options: Resolved<Omit<FinalFrameOptions, 'name' | 'trainable'>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: FinalFrameOptions = {}) {
    const { direction = 'forward', ...others } = checkOptions('make FinalFrame', options);
    super(others);
    checkOneOf('make FinalFrame', 'direction', direction, DIRECTIONS);
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

/**
 * Largest value over the frames, [batch, frames, features] → [batch, features]. Frames that a mask leaves out do not count; a
 * sequence of padding alone gives 0.
 */
export class MaxPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionMaxPooling';

  /** Takes the largest. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      return maxOfCounted(y, frameMaskOf(y, kwargs));
    });
  }
}

/**
 * Mean, standard deviation and largest value over the frames, concatenated in this order, [batch, frames, features] → [batch,
 * 3 · features]. The deviation is that of the frames themselves (divided by their number), with 10⁻⁵ added to the variance, so
 * that its gradient is finite where nothing changes. Frames that a mask leaves out do not count.
 *
 * @see Snyder et al. 2018 for mean and deviation (x-vectors)
 */
export class StatisticsPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionStatisticsPooling';

  /** Computes the three. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      const mask = frameMaskOf(y, kwargs);
      const mean = meanOfCounted(y, mask);
      const variance = meanOfCounted(tf.square(tf.sub(y, tf.expandDims(mean, 1))), mask);
      const deviation = tf.sqrt<tf.Tensor2D>(tf.add(variance, LEAST_VARIANCE));
      return tf.concat([mean, deviation, maxOfCounted(y, mask)], 1);
    });
  }

  /** [batch, frames, features] → [batch, 3 · features] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, features] = super.computeOutputShape(inputShape) as [number | null, number | null];
    return [batch, features === null ? null : 3 * features];
  }
}

/** Added to variances. */
const LEAST_VARIANCE = 1e-5;

/** The mean of the frames that count, 0 where none does. */
function meanOfCounted(y: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor2D {
  if (!mask) return tf.mean(y, 1);
  const count = tf.maximum(tf.sum(mask, 1, true), 1);
  return tf.div(tf.sum(tf.mul(y, tf.expandDims(mask, 2)), 1), count);
}

/** The largest of the frames that count, 0 where none does. */
function maxOfCounted(y: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor2D {
  if (!mask) return tf.max(y, 1);
  const counts = tf.broadcastTo(tf.expandDims(mask, 2), y.shape);
  const largest = tf.max<tf.Tensor2D>(tf.where(tf.cast(counts, 'bool'), y, tf.fill(y.shape, -NEVER)), 1); // [batch, features]
  // Asked of the mask, not of the values: a condition has no gradient.
  const some = tf.cast(tf.broadcastTo(tf.minimum(tf.sum(mask, 1, true), 1), largest.shape), 'bool');
  return tf.where(some, largest, tf.zerosLike(largest));
}
