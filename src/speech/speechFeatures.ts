// samples at 16 kHz as they come → what the speech detector looks at, a row of numbers every 32 ms
//
// Levels of mel bands, relative to the loudest of the last seconds: how loud a recording is says nothing about whether it is speech.

import { joinArrays } from '../core/joinArrays.ts';
import { LogMel } from '../features/logMel.ts';

/** Samples per second that the detector is made for. */
export const SAMPLE_RATE = 16_000;
/** Samples from one step to the next: 32 ms. */
export const STEP = 512;
/** Frames a step, each 32 ms long: always computed together, so that rounding does not depend on how samples come. */
const FRAMES = 2;
const HOP = STEP / FRAMES;
const FRAME = 512;
/** Samples that a step looks at. */
export const SPAN = HOP * (FRAMES - 1) + FRAME;
export const BANDS = 40;
/** Numbers a step. */
export const STEP_SIZE = FRAMES * BANDS;
/** Levels are relative to the loudest band of so many steps, this one included: 1.5 s. */
const MEMORY = 47;
/** What is quieter than this beside the loudest, in decibels, is all the same. */
const DEPTH = 60;
/** A step whose bands are all below this, in decibels of a full-scale sine, is silence: 16-bit samples cannot say more. */
const SILENCE_DB = -95;
const SCALE = 1 / 20;

/** Steps in a row. */
export interface SpeechSteps {
  /** [steps, {@link STEP_SIZE}], from −{@link DEPTH} dB to 0 as −3 to 0. */
  readonly values: Float32Array;
  readonly count: number;
  /** Whether each is loud enough to be anything. */
  readonly audible: Uint8Array;
}

/** The features of sound that goes on: step by step as those of the whole. */
export class SpeechFeatures {
  readonly #logMel = new LogMel({
    ...{ sampleRate: SAMPLE_RATE, frameLength: FRAME, hopLength: HOP, fftLength: FRAME, padding: 'none' },
    ...{ melBands: BANDS, minHz: 60, maxHz: 7600, minDb: -140 },
  });
  /** Samples from where the next step begins. */
  #samples: Float32Array = new Float32Array(0);
  /** The loudest bands of the last steps. */
  readonly #loudest = new Float32Array(MEMORY).fill(Number.NEGATIVE_INFINITY);
  #steps = 0;

  /** The steps that more samples complete. */
  push(samples: Float32Array): SpeechSteps {
    this.#samples = joinArrays(Float32Array, [this.#samples, samples]);
    const count = Math.max(0, Math.floor((this.#samples.length - SPAN) / STEP) + 1);
    const steps = this.#compute(count);
    this.#samples = this.#samples.slice(count * STEP);
    return steps;
  }

  /** The steps that the samples left belong to, with silence behind them: each sample is in one. */
  flush(): SpeechSteps {
    const count = Math.ceil(this.#samples.length / STEP);
    const padded = new Float32Array(count === 0 ? 0 : (count - 1) * STEP + SPAN);
    padded.set(this.#samples.subarray(0, padded.length));
    this.#samples = padded;
    const steps = this.#compute(count);
    this.#samples = new Float32Array(0);
    return steps;
  }

  #compute(count: number): SpeechSteps {
    const values = new Float32Array(count * STEP_SIZE);
    const audible = new Uint8Array(count);
    if (count === 0) return { values, count, audible };
    values.set(this.#logMel.computeFrames(this.#samples, 0, count * FRAMES).values);
    for (let step = 0; step < count; step++) {
      const row = values.subarray(step * STEP_SIZE, (step + 1) * STEP_SIZE);
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < row.length; i++) most = Math.max(most, row[i]!);
      this.#loudest[this.#steps++ % MEMORY] = most;
      let loudest = SILENCE_DB;
      for (let i = 0; i < MEMORY; i++) loudest = Math.max(loudest, this.#loudest[i]!);
      audible[step] = most > SILENCE_DB ? 1 : 0;
      for (let i = 0; i < row.length; i++) row[i] = SCALE * Math.max(-DEPTH, row[i]! - loudest);
    }
    return { values, count, audible };
  }
}
