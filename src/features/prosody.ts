// samples → pitch, voicing and level of each frame

import type { Resolved } from './check.ts';
import { toDecibels } from './decibel.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { RealFft } from './fft.ts';
import { type FrameOptions, FrameSpectra } from './frameSpectra.ts';

/** What a frame has: pitch, voicing, level. */
export const TRACKS = 3;

/** The range of voices that speak, cry and shout. */
const [LOWEST_HZ, HIGHEST_HZ] = [60, 600];
/** What an octave costs: of lags that fit nearly as well, the shortest is the period and the others its multiples. */
const OCTAVE_COST = 0.01;
/** What pitch counts from. */
const REFERENCE_HZ = 100;

/**
 * What voice and breath do over time, on the frames of the spectra: pitch in semitones above 100 Hz, times the voicing; voicing,
 * the height of the highest peak of the autocorrelation, from 0 to 1; level in decibels.
 *
 * @see Boersma 1993, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled sound",
 *   for the autocorrelation that is divided by that of the window
 */
export class Prosody {
  readonly #spectra: FrameSpectra;
  readonly #fft: RealFft;
  readonly #minDb: number;
  readonly #ofWindow: Float64Array;
  readonly #power: Float64Array;
  readonly #spectrum: Float64Array;

  constructor(options: Resolved<FrameOptions>, minDb: number) {
    this.#spectra = new FrameSpectra('make prosodic tracks', options);
    const { fftLength, frameLength, sampleRate } = options;
    const longest = Math.ceil(sampleRate / LOWEST_HZ) + 1;
    if (frameLength + longest > fftLength) {
      throw new RangeError(
        `Cannot make prosodic tracks: fftLength must be ${frameLength + longest} or more for a pitch of ${LOWEST_HZ} Hz, got ${fftLength}`,
      );
    }
    this.#minDb = minDb;
    this.#fft = new RealFft(fftLength);
    this.#power = new Float64Array(fftLength);
    this.#spectrum = new Float64Array(2 * this.#fft.bins);
    // A constant shows the window itself; with 'constant' padding and many samples the middle frame is whole.
    this.#ofWindow = new Float64Array(longest + 1).fill(1);
    const ones = new FrameSpectra('make prosodic tracks', { ...options, padding: 'none' });
    ones.eachPower(new Float32Array(frameLength).fill(1), (power) => {
      const r = this.#autocorrelation(power, 0).slice();
      this.#ofWindow = r.map((value) => value / r[0]!);
    });
  }

  /** [frames, 3] */
  compute(samples: Float32Array): FeatureMatrix {
    const { sampleRate, fftLength } = this.#spectra.options;
    const values = new Float32Array(TRACKS * this.#spectra.frameCount(samples.length));
    const lowest = Math.ceil((LOWEST_HZ * fftLength) / sampleRate / 1.2);
    const floor = 10 ** (this.#minDb / 10);
    const [from, to] = [Math.floor(sampleRate / HIGHEST_HZ), Math.ceil(sampleRate / LOWEST_HZ)];
    this.#spectra.eachPower(samples, (power, frame) => {
      const r = this.#autocorrelation(power, lowest);
      // The power of a sine of amplitude 1 is spread over some bins, each side of the spectrum alike.
      const energy = power.reduce((sum, value) => sum + value, 0) / this.#spectra.bandwidth;
      const quiet = energy / (energy + floor);
      const height = (lag: number) => (quiet * r[lag]!) / r[0]! / this.#ofWindow[lag]!;
      let [best, strength] = [from, -Infinity];
      for (let lag = from; lag <= to && r[0]! > 0; lag++) {
        const here = height(lag);
        if (here < height(lag - 1) || here < height(lag + 1)) continue;
        const worth = here - OCTAVE_COST * Math.log2(lag / from);
        if (worth > strength) [best, strength] = [lag, worth];
      }
      const voicing = strength === -Infinity ? 0 : Math.min(1, Math.max(0, height(best)));
      let shift = 0;
      if (voicing > 0) {
        const [a, b, c] = [height(best - 1), height(best), height(best + 1)];
        shift = a - 2 * b + c < 0 ? (0.5 * (a - c)) / (a - 2 * b + c) : 0;
      }
      const hz = sampleRate / (best + shift);
      values[frame * TRACKS] = voicing * 12 * Math.log2(hz / REFERENCE_HZ);
      values[frame * TRACKS + 1] = voicing;
      values[frame * TRACKS + 2] = toDecibels(energy, this.#minDb);
    });
    return { values, frames: values.length / TRACKS, bins: TRACKS };
  }

  /** Up to the longest period that is looked for, and one lag more. */
  #autocorrelation(power: Float64Array, lowestBin: number): Float64Array {
    const length = this.#power.length;
    this.#power.fill(0);
    for (let k = lowestBin; k < power.length; k++) {
      this.#power[k] = power[k]!;
      if (k > 0) this.#power[length - k] = power[k]!;
    }
    this.#fft.transform(this.#power, this.#spectrum);
    const r = new Float64Array(this.#ofWindow.length);
    for (let lag = 0; lag < r.length; lag++) r[lag] = this.#spectrum[2 * lag]!;
    return r;
  }
}

/** Rows of both, side by side. */
export function beside(first: FeatureMatrix, second: FeatureMatrix): FeatureMatrix {
  const bins = first.bins + second.bins;
  const values = new Float32Array(first.frames * bins);
  for (let frame = 0; frame < first.frames; frame++) {
    values.set(first.values.subarray(frame * first.bins, (frame + 1) * first.bins), frame * bins);
    values.set(second.values.subarray(frame * second.bins, (frame + 1) * second.bins), frame * bins + first.bins);
  }
  return { values, frames: first.frames, bins };
}
