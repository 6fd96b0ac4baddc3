// Waveform → NdArray [frames, coefficients]: mel-frequency cepstral coefficients

import type { NdArray } from 'ndarray';
import type { Waveform } from '../audio/waveform.ts';
import { checkInteger, checkOptions, type Resolved } from '../core/check.ts';
import { type FeatureMatrix, toNdArray } from './featureMatrix.ts';
import { samplesAt } from './frameSpectra.ts';
import { LogMel, type LogMelOptions } from './logMel.ts';

/** Options of {@link Mfcc}. */
export interface MfccOptions extends LogMelOptions {
  /**
   * How many coefficients (`n_mfcc`), at most `melBands`.
   * @default 40, or melBands where those are fewer
   */
  readonly coefficients?: number | undefined;
}

/**
 * Mel-frequency cepstral coefficients: the orthonormal cosine transform (DCT-II) of each frame of {@link LogMel}.
 *
 * @example
 * const mfcc = new Mfcc({ sampleRate: 16000, coefficients: 13 });
 * const cepstra = mfcc.transform({ samples: new Float32Array(16000), sampleRate: 16000 }); // shape [41, 13]
 * @see Davis and Mermelstein, Comparison of Parametric Representations for Monosyllabic Word Recognition (1980)
 */
export class Mfcc {
  /** The bins are cepstral coefficients, not frequencies. */
  static readonly spectral = false;
  /** The options as they are in effect. */
  readonly options: Resolved<MfccOptions>;
  /** Numbers a frame: coefficients. */
  readonly bins: number;
  /** Frame t is computed from samples t · hopLength + reach[0] up to, but not including, t · hopLength + reach[1]. */
  readonly reach: readonly [from: number, to: number];
  readonly #logMel: LogMel;
  readonly #dct: Float64Array; // [coefficients, melBands]

  /**
   * @throws {RangeError} when an option is out of its range, or the spectrum too coarse for so many bands
   * @throws {TypeError} when an option is of the wrong type or there is none of that name
   */
  constructor(options: MfccOptions = {}) {
    const { coefficients: wanted, ...logMelOptions } = checkOptions('make an Mfcc', options);
    this.#logMel = new LogMel(logMelOptions);
    const bands = this.#logMel.bins;
    const coefficients = wanted === undefined ? Math.min(40, bands) : wanted;
    checkInteger('make an Mfcc', 'coefficients', coefficients, 1, bands);
    this.options = Object.freeze({ ...this.#logMel.options, coefficients });
    this.bins = coefficients;
    this.reach = this.#logMel.reach;
    this.#dct = Float64Array.from({ length: coefficients * bands }, (_, i) => {
      const [k, band] = [Math.floor(i / bands), i % bands];
      return Math.sqrt((k === 0 ? 1 : 2) / bands) * Math.cos((Math.PI / bands) * (band + 0.5) * k);
    });
  }

  /** How many frames a recording has; see {@link Stft.frameCount}. */
  frameCount(sampleCount: number): number {
    return this.#logMel.frameCount(sampleCount);
  }

  /**
   * The coefficients of a waveform.
   *
   * @returns [frames, coefficients]
   * @throws {RangeError} when the waveform is empty or at another sampling rate than that of these options
   * @throws {AudioFormatError} when a sample is not finite
   */
  transform(waveform: Waveform): NdArray<Float32Array> {
    return toNdArray(this.compute(samplesAt(this.options.sampleRate, waveform)));
  }

  /**
   * The coefficients of samples that are at `options.sampleRate`.
   *
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  compute(samples: Float32Array): FeatureMatrix {
    return this.#transform(this.#logMel.compute(samples));
  }

  /**
   * Some of the frames of {@link Mfcc.compute}, for a long recording that is worked on in parts.
   *
   * @param samples the whole recording, which is not checked again
   * @param start the first frame
   * @param end the frame before which to stop
   * @throws {RangeError} when there are no such frames
   */
  computeFrames(samples: Float32Array, start: number, end: number): FeatureMatrix {
    return this.#transform(this.#logMel.computeFrames(samples, start, end));
  }

  #transform({ values: levels, frames, bins: bands }: FeatureMatrix): FeatureMatrix {
    const { bins } = this;
    const dct = this.#dct;
    const values = new Float32Array(frames * bins);
    for (let frame = 0; frame < frames; frame++) {
      for (let k = 0; k < bins; k++) {
        const row = k * bands;
        const at = frame * bands;
        let sum = 0;
        for (let band = 0; band < bands; band++) sum += dct[row + band]! * levels[at + band]!;
        values[frame * bins + k] = sum;
      }
    }
    return { values, frames, bins };
  }
}
