// sequence → its mean, standard deviation and maximum over time

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type CallOptions, frameMaskOf } from '../frameMask.ts';
import { singleTensor } from '../layer.ts';
import { maxOfCounted, meanOfCounted } from './countedFrames.ts';
import { TimePooling } from './timePooling.ts';

/**
 * Mean, standard deviation and largest value over the frames, concatenated in this order, [batch, frames, features] → [batch,
 * 3 · features]. The standard deviation is that of the frames themselves (divided by their number), with 10⁻⁵ added to the variance, so
 * that its gradient is finite where nothing changes. Frames that a mask leaves out do not count.
 *
 * @see Snyder et al. 2018 for mean and standard deviation (x-vectors)
 */
export class StatisticsPooling extends TimePooling {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionStatisticsPooling';

  /** Computes mean, standard deviation and maximum. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      const mask = frameMaskOf(y, kwargs);
      const mean = meanOfCounted(y, mask);
      const variance = meanOfCounted(tf.square(tf.sub(y, tf.expandDims(mean, 1))), mask);
      const std = tf.sqrt<tf.Tensor2D>(tf.add(variance, LEAST_VARIANCE));
      return tf.concat([mean, std, maxOfCounted(y, mask)], 1);
    });
  }

  /** [batch, frames, features] → [batch, 3 · features] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, features] = super.computeOutputShape(inputShape) as [number | null, number | null];
    return [batch, features === null ? null : 3 * features];
  }
}

/** Added to variances, so that the gradient of their root is finite. */
const LEAST_VARIANCE = 1e-5;
