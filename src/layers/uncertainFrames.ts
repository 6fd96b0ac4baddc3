// logits of each frame's emotion or none → probabilities of the clip's emotion, where only some frames show it
//
// A clip's label need not hold for each of its frames: some show no emotion. Here each frame has a label of its own, an emotion or none
// (∅), and an emotion's likelihood is the sum over all sequences of frame labels that fit it. It is computed in logarithms, so that
// a thousand frames do not underflow, and in stock operations: the reading `run` takes a dozen for each doubling of the frames.

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkOneOf, type Resolved } from '../core/check.ts';
import { type CallOptions, frameMaskOf } from './frameMask.ts';
import { BaseLayer, checkNoOtherOption, type LayerOptions, singleShape, singleTensor } from './layer.ts';

/**
 * Which sequences of frame labels fit an emotion e: `any` sequence of e and ∅ that is not all ∅; or those with one `run` of e, ∅ before
 * and after, as in connectionist temporal classification (CTC) with one symbol.
 */
export type LabelReading = 'any' | 'run';

/** Options of {@link UncertainFrames}. */
export interface UncertainFramesOptions extends LayerOptions {
  /** Which sequences of frame labels fit an emotion. @default 'any' */
  reading?: LabelReading | undefined;
}

/**
 * Log-likelihoods of each emotion, log p(e|X), [batch, emotions]. With y the softmax of a frame's logits: Π(y(e) + y(∅)) − Π y(∅)
 * over the frames where any sequence of e and ∅ fits, the sum over all runs where one run does. They are not a distribution over
 * emotions: sequences that fit none have their share too.
 *
 * @param logits [batch, frames, emotions + 1], ∅ last
 * @param mask [batch, frames], 0 for frames that do not count
 * @see Lee & Tashev 2015, High-level Feature Representation using Recurrent Neural Network for Speech Emotion Recognition,
 *   section 3; Graves et al. 2006 for one run
 */
export function labelLogLikelihoods(logits: tf.Tensor3D, reading: LabelReading, mask?: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const [batch, frames, symbols] = logits.shape;
    const logs = tf.logSoftmax(logits); // [batch, frames, emotions + 1]
    const ofEmotions = tf.slice(logs, [0, 0, 0], [batch, frames, symbols - 1]);
    const ofNone = tf.slice(logs, [0, 0, symbols - 1], [batch, frames, 1]);
    const none = tf.add(ofNone, tf.zerosLike(ofEmotions)) as tf.Tensor3D; // [batch, frames, emotions]
    const counts = mask && tf.expandDims(mask, 2);
    return reading === 'any' ? anySequence(ofEmotions, none, counts) : oneRun(ofEmotions, none, counts);
  });
}

/** log(Π(y(e) + y(∅)) − Π y(∅)) = Σ log(y(e) + y(∅)) + log(1 − exp(−Σ log(1 + y(e)/y(∅)))). */
function anySequence(emotions: tf.Tensor3D, none: tf.Tensor3D, counts: tf.Tensor | undefined): tf.Tensor2D {
  const gain = tf.softplus(tf.sub(emotions, none)); // log((y(e) + y(∅)) / y(∅))
  const either = tf.add(none, gain);
  const sum = (values: tf.Tensor) => tf.sum(counts ? tf.mul(values, counts) : values, 1);
  const exponent = tf.maximum(sum(gain), LEAST);
  // 1 − exp(−d), whose digits expm1 keeps where d is small.
  return tf.add(sum(either), tf.log(tf.neg(tf.expm1(tf.neg(exponent))))) as tf.Tensor2D;
}

/** Keeps a logarithm finite where no frame shows an emotion. */
const LEAST = 1e-30;

/** A logarithm so low that its exponential is 0, and a sum of several is still finite. */
const NEVER = -1e6;

/**
 * Segments of frames, each with log-likelihoods of how the run may lie in it: not at all (`nothing`); all through it; beginning in it
 * and going on to its end; coming from its start and ending in it; wholly within it. Those of two neighbours give those of their
 * union, so that halving the number of segments again and again leaves one.
 */
interface Segments {
  readonly nothing: tf.Tensor3D;
  readonly through: tf.Tensor3D;
  readonly toEnd: tf.Tensor3D;
  readonly fromStart: tf.Tensor3D;
  readonly whole: tf.Tensor3D;
}

function oneRun(emotions: tf.Tensor3D, none: tf.Tensor3D, counts: tf.Tensor | undefined): tf.Tensor2D {
  const [batch, frames, count] = emotions.shape;
  const size = 2 ** Math.ceil(Math.log2(frames));
  // A frame that does not count is a segment without frames: no run begins or ends in it.
  const where = (values: tf.Tensor3D, otherwise: number) => {
    const masked = counts ? tf.add(tf.mul(values, counts), tf.mul(tf.sub(1, counts), otherwise)) : values;
    return tf.concat([masked, tf.fill([batch, size - frames, count], otherwise)], 1) as tf.Tensor3D;
  };
  const some = where(emotions, NEVER);
  let all: Segments = {
    nothing: where(none, 0),
    through: where(emotions, 0),
    ...{ toEnd: some, fromStart: some, whole: some },
  };
  for (let length = size; length > 1; length /= 2) all = joinPairs(all, length / 2);
  return tf.squeeze(all.whole, [1]);
}

function joinPairs({ nothing, through, toEnd, fromStart, whole }: Segments, pairs: number): Segments {
  const split = (values: tf.Tensor3D) => {
    const [batch, , count] = values.shape;
    const both = tf.reshape(values, [batch, pairs, 2, count]);
    return [0, 1].map((side) => tf.squeeze(tf.slice(both, [0, 0, side, 0], [batch, pairs, 1, count]), [2])) as Sides;
  };
  const [nothings, throughs, toEnds, fromStarts, wholes] = [nothing, through, toEnd, fromStart, whole].map(split) as [
    ...[Sides, Sides, Sides, Sides, Sides],
  ];
  const [left, right] = [0, 1] as const;
  const within = logSum(tf.add(wholes[left], nothings[right]), tf.add(nothings[left], wholes[right]));
  return {
    nothing: tf.add(...nothings),
    through: tf.add(...throughs),
    toEnd: logSum(tf.add(toEnds[left], throughs[right]), tf.add(nothings[left], toEnds[right])),
    fromStart: logSum(tf.add(fromStarts[left], nothings[right]), tf.add(throughs[left], fromStarts[right])),
    whole: logSum(within, tf.add(toEnds[left], fromStarts[right])),
  };
}

type Sides = [left: tf.Tensor3D, right: tf.Tensor3D];

/** log(exp(a) + exp(b)) */
function logSum(a: tf.Tensor, b: tf.Tensor): tf.Tensor3D {
  return tf.add(tf.maximum(a, b), tf.softplus(tf.neg(tf.abs(tf.sub(a, b)))));
}

/**
 * Probabilities of a clip's emotion from logits of its frames' labels, [batch, frames, emotions + 1] (∅ last) → [batch, emotions]: the
 * likelihoods of {@link labelLogLikelihoods}, divided by their sum. Frames that a mask leaves out do not count.
 *
 * For a network that ends in this layer, the loss of `train` is −log p(e|X) itself, as in the paper.
 */
export class UncertainFrames extends BaseLayer {
  /** Name in saved models. */
  static readonly className = 'SpeechEmotionUncertainFrames';
  /** The layer's own options, resolved. */
  readonly options: Resolved<Omit<UncertainFramesOptions, 'name' | 'trainable'>>;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: UncertainFramesOptions = {}) {
    super(options);
    this.supportsMasking = true;
    const { reading = 'any', ...others } = options;
    checkNoOtherOption('make UncertainFrames', others);
    checkOneOf('make UncertainFrames', 'reading', reading, ['any', 'run']);
    this.options = { reading };
  }

  /** None: the output has no frames. */
  override computeMask(): tf.Tensor {
    return null as never; // what tfjs expects for no mask
  }

  /** Sums over the sequences of frame labels, in closed form. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const logits = singleTensor<tf.Rank.R3>(inputs);
      return tf.softmax(labelLogLikelihoods(logits, this.options.reading, frameMaskOf(logits, kwargs)));
    });
  }

  /** [batch, frames, emotions + 1] → [batch, emotions] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, , symbols] = singleShape('UncertainFrames', inputShape, 3) as (number | null)[];
    if (symbols == null || symbols < 2) {
      throw new RangeError(
        `Cannot build UncertainFrames: its input must be [batch, frames, emotions + 1], got [${inputShape}]`,
      );
    }
    return [batch!, symbols - 1];
  }
}
