// sequence → one vector: the base of the poolings over time

import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { BaseLayer, checkNoOtherOption, type LayerOptions, singleShape } from '../layer.ts';

/** Base of the poolings over time, [batch, frames, features] → [batch, features]. */
export abstract class TimePooling extends BaseLayer {
  /** The layer's own options; none by default. */
  override readonly options: object = {};

  /** @param options name, trainable */
  constructor(options: LayerOptions = {}) {
    super(options);
    checkNoOtherOption(`make ${this.getClassName().replace('SpeechEmotion', '')}`, options);
    this.supportsMasking = true;
  }

  /** None: the output has no frames. */
  override computeMask(): tf.Tensor {
    return null as never; // what tfjs expects for no mask
  }

  /** [batch, frames, features] → [batch, features] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, , features] = singleShape(this.getClassName(), inputShape, 3) as (number | null)[];
    return [batch!, features!];
  }
}
