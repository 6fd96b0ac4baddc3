// a clip in its window, what is around it → their types

import type { Example } from '../../exampleSet/exampleSet.ts';

/** A clip in its window: of the rows of `bins` in `values`, those from `from` to `to` (exclusive) are the clip, the others padding. */
export interface WindowedClip {
  /** Raw features, row-major [frames, bins]. */
  readonly values: Float32Array;
  /** Bins a frame. */
  readonly bins: number;
  /** First row of the clip. */
  readonly from: number;
  /** The row after the clip's last. */
  readonly to: number;
}

/** What augmentation knows beside the clip: the same for all clips of a training. */
export interface Surroundings {
  /** Features of silence [bins], below which nothing can bring a value. A value at it has no power that is known. */
  readonly silence: Float32Array;
  /** What masks write [bins]. */
  readonly fill: Float32Array;
  /** Frames a second of sound. */
  readonly framesPerSecond: number;
  /** The frequency of each bin in hertz; empty where the features do not say. */
  readonly hz: Float32Array;
  /** The power of white noise in each bin, which sums to 1 over the bins; empty as `hz` is. */
  readonly white: Float32Array;
  /** The clips of the set, of which babble is made. */
  readonly voices: readonly Pick<Example, 'variants'>[];
}
