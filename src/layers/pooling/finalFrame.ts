// sequence → the output of the frame that a recurrent layer read last

import * as tf from '@tensorflow/tfjs-core';
import { checkOneOf, checkOptions, type Resolved } from '../../core/check.ts';
import { type LayerOptions, singleTensor } from '../layer.ts';
import { DIRECTIONS, type Direction } from '../recurrent/recurrentOptions.ts';
import { TimePooling } from './timePooling.ts';

/** Options of {@link FinalFrame}. */
export interface FinalFrameOptions extends LayerOptions {
  /** Which way the recurrent layer before read the sequence. @default 'forward' */
  direction?: Direction | undefined;
}

/**
 * The last output of a recurrent layer, [batch, frames, features] → [batch, features]: the last frame of a forward layer,
 * the first of a backward one, and of a bidirectional one each half by its own direction. Behind frames that a mask leaves
 * out, this is the output of the last one that counts, which recurrent layers repeat.
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
