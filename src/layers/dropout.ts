// activations → activations, some of which training drops

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkOneOf, checkSeed, checkShare, type Resolved } from '../core/check.ts';
import { dropoutMask } from './dropoutMask.ts';
import { BaseLayer, checkNoOtherOption, type SeededLayerOptions, singleShape, singleTensor } from './layer.ts';

/** Options of {@link Dropout}. */
export interface DropoutOptions extends SeededLayerOptions {
  /** Share of the values that training drops, in [0, 1); 0 drops nothing. */
  rate: number;
  /**
   * What is dropped together: single values (`value`), or whole channels of the last axis (`channel`), over all frames of a sequence
   * (Gal & Ghahramani 2016) or a whole feature map (Tompson et al. 2015, spatial dropout). Values of one channel are so similar that
   * dropping single ones makes little difference.
   * @default 'value'
   */
  unit?: 'value' | 'channel' | undefined;
}

/**
 * In training, drops a share of the values and divides the others by the share that is kept, so that the mean stays the same;
 * otherwise the identity. The mask is a function of the layer's seed and of the step that `setTrainingStep` sets: the same on every
 * backend, a new one at every step.
 */
export class Dropout extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionDropout';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<DropoutOptions, 'name' | 'trainable'>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: DropoutOptions) {
    super(options);
    this.supportsMasking = true; // masks are passed on
    const { rate, unit = 'value', seed, ...others } = options;
    checkNoOtherOption('make Dropout', others);
    checkShare('make Dropout', 'rate', rate);
    checkOneOf('make Dropout', 'unit', unit, ['value', 'channel']);
    checkSeed('make Dropout', 'seed', seed);
    this.options = { rate, unit, seed };
  }

  /** Drops, in training. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean | undefined } = {}): tf.Tensor {
    const { rate, unit, seed } = this.options;
    return tf.tidy(() => {
      const x = singleTensor(inputs);
      if (!kwargs.training || rate === 0) return tf.clone(x);
      const shape = unit === 'value' ? x.shape : x.shape.map((size, axis) => (axis % (x.rank - 1) === 0 ? size : 1));
      return tf.mul(x, dropoutMask(this, shape, rate, seed));
    });
  }

  /** The input's shape. */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return singleShape('Dropout', inputShape);
  }
}
