// Waveform → NdArray [frames, bins]: levels of the bins of a spectrum in decibels

import type { NdArray } from 'ndarray';
import type { Waveform } from '../audio/waveform.ts';
import { checkOptions, type Resolved } from '../core/check.ts';
import { type DecibelOptions, resolveMinDb, toDecibels } from './decibel.ts';
import { type FeatureMatrix, toNdArray } from './featureMatrix.ts';
import { type FrameOptions, FrameSpectra, type Frames, samplesAt } from './frameSpectra.ts';

/** Options of {@link LogStft}. */
export interface LogStftOptions extends FrameOptions, DecibelOptions {}

/**
 * The log spectrogram: the power of the short-time Fourier transform in decibels.
 *
 * Unless `scaling` is `'none'`, a sine of amplitude 1 reads 0 dB in its bin.
 *
 * @example
 * const logStft = new LogStft({ sampleRate: 16000 });
 * const spectrogram = logStft.transform({ samples: new Float32Array(16000), sampleRate: 16000 }); // shape [41, 1025]
 */
export class LogStft {
  /** The bins are levels in decibels along an axis of frequency. */
  static readonly spectral = true;
  /** The options as they are in effect. */
  readonly options: Resolved<LogStftOptions>;
  /** Frequencies a frame: fftLength / 2 + 1. Bin k is at k × sampleRate / fftLength hertz. */
  readonly bins: number;
  /** Frame t is computed from samples t · hopLength + reach[0] up to, but not including, t · hopLength + reach[1]. */
  readonly reach: readonly [from: number, to: number];
  /** The frequency of each bin, in hertz. */
  readonly centreHz: Float32Array;
  readonly #spectra: FrameSpectra;

  /**
   * @throws {RangeError} when an option is out of its range
   * @throws {TypeError} when an option is of the wrong type or there is none of that name
   */
  constructor(options: LogStftOptions = {}) {
    const { minDb, ...frameOptions } = checkOptions('make a LogStft', options);
    this.#spectra = new FrameSpectra('make a LogStft', frameOptions);
    this.options = Object.freeze({ ...this.#spectra.options, minDb: resolveMinDb('make a LogStft', options) });
    this.bins = this.#spectra.bins;
    this.reach = this.#spectra.reach;
    const { sampleRate, fftLength } = this.options;
    this.centreHz = Float32Array.from({ length: this.bins }, (_, k) => (k * sampleRate) / fftLength);
  }

  /** How many frames a recording has; see {@link Stft.frameCount}. */
  frameCount(sampleCount: number): number {
    return this.#spectra.frameCount(sampleCount);
  }

  /**
   * The log spectrogram of a waveform.
   *
   * @returns [frames, bins], in decibels
   * @throws {RangeError} when the waveform is empty or at another sampling rate than that of these options
   * @throws {AudioFormatError} when a sample is not finite
   */
  transform(waveform: Waveform): NdArray<Float32Array> {
    return toNdArray(this.compute(samplesAt(this.options.sampleRate, waveform)));
  }

  /**
   * The log spectrogram of samples that are at `options.sampleRate`.
   *
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  compute(samples: Float32Array): FeatureMatrix {
    return this.#compute(this.#spectra.check(samples));
  }

  /**
   * Some of the frames of {@link LogStft.compute}, for a long recording that is worked on in parts.
   *
   * @param samples the whole recording, which is not checked again
   * @param start the first frame
   * @param end the frame before which to stop
   * @throws {RangeError} when there are no such frames
   */
  computeFrames(samples: Float32Array, start: number, end: number): FeatureMatrix {
    return this.#compute(this.#spectra.range(samples, start, end));
  }

  #compute(frames: Frames): FeatureMatrix {
    const { bins } = this;
    const { minDb } = this.options;
    const count = frames.end - frames.start;
    const values = new Float32Array(count * bins);
    this.#spectra.eachPower(frames, (power, place) => {
      for (let k = 0; k < bins; k++) values[place * bins + k] = toDecibels(power[k]!, minDb);
    });
    return { values, frames: count, bins };
  }
}
