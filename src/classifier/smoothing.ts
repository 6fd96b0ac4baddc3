// probabilities over time → smoothed ones, and a label that does not flicker

import { checkNothingElse, checkNumber, checkOptions, type Resolved } from '../core/check.ts';

/** How `EmotionClassifier.stream` smooths results: an exponential average over the time of the sound, and hysteresis in the label. */
export interface SmoothingOptions {
  /**
   * Time constant in seconds: after it, an earlier result weighs 1/e of what it did; 0 smooths nothing.
   * @default 1
   */
  readonly seconds?: number | undefined;
  /**
   * By how much another label's probability has to exceed that of the current label to replace it, in [0, 1).
   * @default 0.1
   */
  readonly margin?: number | undefined;
}

/** An exponential average over audio time, and hysteresis in the choice of the label. */
export class Smoothing {
  /** The options as they are in effect. */
  readonly options: Resolved<SmoothingOptions>;
  #average: Float32Array | undefined;
  #time = 0;
  #label = -1;

  /** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
  constructor(options: SmoothingOptions = {}) {
    const { seconds = 1, margin = 0.1, ...rest } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, rest);
    checkNumber(ACTION, 'seconds', seconds, 0, 3600);
    checkNumber(ACTION, 'margin', margin, 0, 0.999);
    this.options = { seconds, margin };
  }

  /**
   * Adds the probabilities at a time; after a long silence, those before it hardly count.
   *
   * @param time in seconds, ascending
   * @returns averaged probabilities, sum 1, and the index of the label
   */
  add(probabilities: Float32Array, time: number): { readonly probabilities: Float32Array; readonly label: number } {
    const { seconds, margin } = this.options;
    const before = this.#average;
    const kept = before && seconds > 0 ? Math.exp(-(time - this.#time) / seconds) : 0;
    const average = probabilities.map((value, i) => (before ? kept * before[i]! : 0) + (1 - kept) * value);
    this.#average = average;
    this.#time = time;
    const best = average.reduce((most, value, i) => (value > average[most]! ? i : most), 0);
    if (this.#label < 0 || average[best]! > average[this.#label]! + margin) this.#label = best;
    return { probabilities: average, label: this.#label };
  }
}

const ACTION = 'smooth';
