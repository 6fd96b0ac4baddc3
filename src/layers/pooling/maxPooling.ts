// sequence → its maximum over time

import * as tf from '@tensorflow/tfjs-core';
import { type CallOptions, frameMaskOf } from '../frameMask.ts';
import { singleTensor } from '../layer.ts';
import { maxOfCounted } from './countedFrames.ts';
import { TimePooling } from './timePooling.ts';

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
