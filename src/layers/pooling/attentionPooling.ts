// sequence → its mean over time, weighted by learned attention

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type CallOptions, frameMaskOf } from '../frameMask.ts';
import { channelsOf, singleShape, singleTensor } from '../layer.ts';
import { NEVER } from './countedFrames.ts';
import { TimePooling } from './timePooling.ts';

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

  /** Averages with learned weights. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const y = singleTensor<tf.Rank.R3>(inputs); // [batch, frames, features]
      return tf.sum(tf.mul(y, tf.expandDims(this.attention(y, kwargs), 2)), 1);
    });
  }

  /** The weights α of the frames, [batch, frames, features] → [batch, frames], sum 1 over the frames. */
  attention(y: tf.Tensor3D, kwargs: CallOptions = {}): tf.Tensor2D {
    return tf.tidy(() => {
      const mask = frameMaskOf(y, kwargs);
      const scores = tf.sum(tf.mul(y, this.#query.read()), 2); // [batch, frames]
      return tf.softmax(mask ? tf.add(scores, tf.mul(tf.sub(mask, 1), NEVER)) : scores) as tf.Tensor2D;
    });
  }
}
