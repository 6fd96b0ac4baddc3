// Waveform → NdArray [frames, melBands]: levels of mel bands in decibels

import type { NdArray } from 'ndarray';
import type { Waveform } from '../audio/waveform.ts';
import { checkOptions, type Resolved } from '../core/check.ts';
import { type DecibelOptions, resolveMinDb, toDecibels } from './decibel.ts';
import { type FeatureMatrix, toNdArray } from './featureMatrix.ts';
import { type FrameOptions, FrameSpectra, type Frames, samplesAt } from './frameSpectra.ts';
import { type MelBand, type MelOptions, melFilterBank, resolveMelOptions } from './mel.ts';

/** Options of {@link LogMel}. */
export interface LogMelOptions extends FrameOptions, MelOptions, DecibelOptions {}

/**
 * The log-mel spectrogram: how loud each mel band is in each frame, in decibels.
 *
 * 0 dB is the power of a sine of amplitude 1 (dBFS), whatever frame and FFT length, as long as `scaling` is
 * `'fullScale'` and `melNorm` is `'none'`: such a sine at the peak of a band reads 0 dB there, or a little less where
 * the band is hardly wider than the window's main lobe. With `scaling: 'none'` the numbers are those of torchaudio's
 * `MelSpectrogram` followed by `AmplitudeToDB`, whose `amin` of 1e-10 is `minDb: -100`.
 *
 * Instances hold their buffers and are meant to be used for many recordings.
 *
 * @example
 * const logMel = new LogMel({ sampleRate: 16000, melBands: 64 });
 * const spectrogram = logMel.transform({ samples: new Float32Array(16000), sampleRate: 16000 }); // shape [41, 64]
 * @see {@link melFilterBank} for the bands
 */
export class LogMel {
  /** The bins are levels in decibels along an axis of frequency. */
  static readonly spectral = true;
  /** The options as they are in effect. */
  readonly options: Resolved<LogMelOptions>;
  /** Numbers a frame: melBands. */
  readonly bins: number;
  /** Frame t is computed from samples t · hopLength + reach[0] up to, but not including, t · hopLength + reach[1]. */
  readonly reach: readonly [from: number, to: number];
  /** Where each band peaks, in hertz. */
  readonly centreHz: Float32Array;
  readonly #spectra: FrameSpectra;
  readonly #bands: readonly MelBand[];

  /**
   * @throws {RangeError} when an option is out of its range, or the spectrum too coarse for so many bands
   * @throws {TypeError} when an option is of the wrong type or there is none of that name
   */
  constructor(options: LogMelOptions = {}) {
    const { melBands, minHz, maxHz, melScale, melNorm, minDb, ...frameOptions } = checkOptions(
      'make a LogMel',
      options,
    );
    this.#spectra = new FrameSpectra('make a LogMel', frameOptions);
    const { sampleRate, fftLength, scaling } = this.#spectra.options;
    const mel = resolveMelOptions(sampleRate, { melBands, minHz, maxHz, melScale, melNorm });
    this.options = Object.freeze({ ...this.#spectra.options, ...mel, minDb: resolveMinDb('make a LogMel', options) });
    this.bins = mel.melBands;
    this.reach = this.#spectra.reach;
    // A band sums the bins over which the window spreads a sine: it would read louder by the bandwidth of the window.
    const scale = scaling === 'fullScale' ? 1 / this.#spectra.bandwidth : 1;
    const bands = melFilterBank({ ...mel, sampleRate, fftLength });
    this.centreHz = Float32Array.from(bands, ({ centreHz }) => centreHz);
    this.#bands = bands.map((band) => ({
      ...band,
      weights: band.weights.map((weight) => scale * weight),
    }));
  }

  /** How many frames a recording has; see {@link Stft.frameCount}. */
  frameCount(sampleCount: number): number {
    return this.#spectra.frameCount(sampleCount);
  }

  /**
   * The log-mel spectrogram of a waveform.
   *
   * @returns [frames, melBands], in decibels
   * @throws {RangeError} when the waveform is empty or at another sampling rate than that of these options
   * @throws {AudioFormatError} when a sample is not finite
   */
  transform(waveform: Waveform): NdArray<Float32Array> {
    return toNdArray(this.compute(samplesAt(this.options.sampleRate, waveform)));
  }

  /**
   * The log-mel spectrogram of samples that are at `options.sampleRate`.
   *
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  compute(samples: Float32Array): FeatureMatrix {
    return this.#compute(this.#spectra.check(samples));
  }

  /**
   * Some of the frames of {@link LogMel.compute}, for a long recording that is worked on in parts.
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
    this.#spectra.eachBandPower(frames, this.#bands, (power, first, step, place) => {
      for (let band = 0; band < bins; band++) {
        values[place * bins + band] = toDecibels(power[first + band * step]!, minDb);
      }
    });
    return { values, frames: count, bins };
  }
}
