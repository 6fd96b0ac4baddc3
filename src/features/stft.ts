// Waveform → NdArray [frames, bins]: the short-time Fourier transform

import ndarray, { type NdArray } from 'ndarray';
import type { Waveform } from '../audio/waveform.ts';
import { checkOneOf, checkOptions, type Resolved } from '../core/check.ts';
import { type FeatureMatrix, toNdArray } from './featureMatrix.ts';
import { type FrameOptions, FrameSpectra, type Frames, samplesAt } from './frameSpectra.ts';

/** Options of {@link Stft}. */
export interface StftOptions extends FrameOptions {
  /**
   * What is given of each complex number X of the spectrum: |X|, |X|², or its real and imaginary part.
   * @default 'magnitude'
   */
  readonly output?: 'magnitude' | 'power' | 'complex' | undefined;
}

/**
 * The short-time Fourier transform: spectra of overlapping windowed frames.
 *
 * Instances hold their buffers and are meant to be used for many recordings.
 *
 * @example
 * const stft = new Stft({ sampleRate: 16000, frameLength: 400, hopLength: 160, fftLength: 512 });
 * const spectrogram = stft.transform({ samples: new Float32Array(16000), sampleRate: 16000 }); // shape [101, 257]
 * @see `torch.stft`, which this agrees with under `scaling: 'none'`
 */
export class Stft {
  /** The options as they are in effect. */
  readonly options: Resolved<StftOptions>;
  /** Frequencies a frame: fftLength / 2 + 1. Bin k is at k × sampleRate / fftLength hertz. */
  readonly bins: number;
  readonly #spectra: FrameSpectra;

  /**
   * @throws {RangeError} when an option is out of its range
   * @throws {TypeError} when an option is of the wrong type or there is none of that name
   */
  constructor(options: StftOptions = {}) {
    const { output = 'magnitude', ...frameOptions } = checkOptions('make an Stft', options);
    checkOneOf('make an Stft', 'output', output, ['magnitude', 'power', 'complex']);
    this.#spectra = new FrameSpectra('make an Stft', frameOptions);
    this.options = Object.freeze({ ...this.#spectra.options, output });
    this.bins = this.#spectra.bins;
  }

  /**
   * How many frames a recording has: 1 + ⌊sampleCount / hopLength⌋ with padding; without it
   * 1 + ⌊(sampleCount − frameLength) / hopLength⌋, at least 1.
   *
   * @throws {RangeError} when `sampleCount` is not a whole number from 1 up
   */
  frameCount(sampleCount: number): number {
    return this.#spectra.frameCount(sampleCount);
  }

  /**
   * The transform of a waveform.
   *
   * @returns [frames, bins]; with `output: 'complex'` [frames, bins, 2], real and imaginary part last
   * @throws {RangeError} when the waveform is empty or at another sampling rate than that of these options
   * @throws {AudioFormatError} when a sample is not finite
   */
  transform(waveform: Waveform): NdArray<Float32Array> {
    const matrix = this.compute(samplesAt(this.options.sampleRate, waveform));
    if (this.options.output !== 'complex') return toNdArray(matrix);
    return ndarray(matrix.values, [matrix.frames, this.bins, 2]);
  }

  /**
   * The transform of samples that are at `options.sampleRate`.
   *
   * @returns `bins` columns; with `output: 'complex'` twice as many, real and imaginary part side by side
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  compute(samples: Float32Array): FeatureMatrix {
    return this.#compute(this.#spectra.check(samples));
  }

  /**
   * Some of the frames of {@link Stft.compute}, for a long recording that is worked on in parts.
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
    const { output } = this.options;
    const bins = output === 'complex' ? 2 * this.bins : this.bins;
    const count = frames.end - frames.start;
    const values = new Float32Array(count * bins);
    if (output === 'complex') {
      this.#spectra.each(frames, (spectrum, place) => values.set(spectrum, place * bins));
    } else if (output === 'power') {
      this.#spectra.eachPower(frames, (power, place) => values.set(power, place * bins));
    } else {
      this.#spectra.eachPower(frames, (power, place) => {
        for (let k = 0; k < bins; k++) values[place * bins + k] = Math.sqrt(power[k]!);
      });
    }
    return { values, frames: count, bins };
  }
}
