// sequence → its mean over time

import * as tf from '@tensorflow/tfjs-core';
import { type CallOptions, frameMaskOf } from '../frameMask.ts';
import { singleTensor } from '../layer.ts';
import { meanOfCounted } from './countedFrames.ts';
import { TimePooling } from './timePooling.ts';

/**
 * Mean over the frames, [batch, frames, features] → [batch, features]. Over frames of probabilities this is the frame sum
 * (a softmax at every frame, probabilities summed) divided by the number of frames, and so again a distribution.
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
