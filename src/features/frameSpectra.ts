// samples → the spectrum of each frame

import { checkWaveform } from '../audio/checkWaveform.ts';
import type { Waveform } from '../audio/waveform.ts';
import { checkInteger, checkNothingElse, checkOneOf, type Resolved } from '../core/check.ts';
import { RealFft } from './fft.ts';
import { type Band, SpectraPairs } from './spectraPairs.ts';
import { makeWindow, WINDOWS, type WindowName } from './window.ts';

/** What is in a frame beyond the ends of the recording; see {@link FrameOptions.padding}. */
export type FramePadding = 'reflect' | 'constant' | 'none';

/** What a level of 1, or 0 dB, is; see {@link FrameOptions.scaling}. */
export type Scaling = 'fullScale' | 'none';

/** How a recording is cut into frames and each frame is transformed: the options that all features share. */
export interface FrameOptions {
  /**
   * Samples per second of the waveforms that will come.
   * @default 16000
   */
  readonly sampleRate?: number | undefined;
  /**
   * Samples a frame (`win_length` in librosa and torchaudio).
   * @default 80 ms: 1280 at 16 kHz. Long for speech; on emotion it did better than the usual 25 to 32 ms.
   */
  readonly frameLength?: number | undefined;
  /**
   * Samples from one frame to the next (`hop_length`).
   * @default 25 ms: 400 at 16 kHz
   */
  readonly hopLength?: number | undefined;
  /**
   * Length of the Fourier transform (`n_fft`), a power of two from 4 to 65536 and at least `frameLength`. The windowed
   * frame sits in the middle of it, zeros on both sides.
   * @default the next power of two from `frameLength` up: 2048 at 16 kHz
   */
  readonly fftLength?: number | undefined;
  /**
   * The window each frame is multiplied with.
   * @default 'hann'
   */
  readonly window?: WindowName | undefined;
  /**
   * Where the frames lie.
   *
   * With `'reflect'` and `'constant'` frame t is centred on sample t × `hopLength`, and beyond its ends the recording is
   * continued by its mirror image (as often as it takes where the recording is shorter than half a frame, as NumPy
   * does) or by zeros. With `'none'` frame t starts at sample t × `hopLength` and only frames that lie within the
   * recording are taken; a recording shorter than one frame is completed to one with zeros.
   * @default 'reflect'
   */
  readonly padding?: FramePadding | undefined;
  /**
   * `'fullScale'` divides spectra by half the sum of the window, so that a sine of amplitude 1 has magnitude 1 in its
   * bin whatever the frame length. `'none'` leaves them as the Fourier transform has them, as librosa and torchaudio do.
   * @default 'fullScale'
   */
  readonly scaling?: Scaling | undefined;
}

/** Some of the frames of a recording. */
export interface Frames {
  /** The whole recording, all of it finite. */
  readonly samples: Float32Array;
  /** The first of the frames. */
  readonly start: number;
  /** The frame before which to stop. */
  readonly end: number;
}

/** Cuts recordings into frames and transforms them, in buffers that are made once. */
export class FrameSpectra {
  /** The options as they are in effect. */
  readonly options: Resolved<FrameOptions>;
  /** Complex numbers a spectrum: fftLength / 2 + 1. */
  readonly bins: number;
  /**
   * Over how many bins the window spreads the power of a sine: the sum of its power over all bins is this times the
   * power in its own bin. (The "equivalent noise bandwidth".)
   */
  readonly bandwidth: number;
  /** Frame t is computed from samples t · hopLength + reach[0] up to, but not including, t · hopLength + reach[1]. */
  readonly reach: readonly [from: number, to: number];
  readonly #fft: RealFft;
  readonly #pairs: SpectraPairs | undefined;
  readonly #window: Float64Array; // scaled
  readonly #offset: number; // of the frame in the FFT's input
  readonly #samples: Float32Array; // of a frame
  readonly #input: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #power: Float64Array;

  constructor(action: string, options: FrameOptions) {
    const { sampleRate = 16000, ...ofFrames } = options; // one after the other, since defaults follow from those before
    checkInteger(action, 'sampleRate', sampleRate, 1, 1e6);
    const { frameLength = Math.round(0.08 * sampleRate), ...ofTransform } = ofFrames;
    checkInteger(action, 'frameLength', frameLength, 1, 65536);
    const {
      hopLength = Math.round(0.025 * sampleRate),
      fftLength = Math.max(4, 2 ** Math.ceil(Math.log2(frameLength))),
      window = 'hann',
      padding = 'reflect',
      scaling = 'fullScale',
      ...others
    } = ofTransform;
    checkNothingElse(action, others);
    checkInteger(action, 'hopLength', hopLength, 1, 2 ** 31 - 1);
    checkInteger(action, 'fftLength', fftLength, frameLength, 65536);
    checkOneOf(action, 'window', window, WINDOWS);
    checkOneOf(action, 'padding', padding, ['reflect', 'constant', 'none']);
    checkOneOf(action, 'scaling', scaling, ['fullScale', 'none']);
    this.options = Object.freeze({ sampleRate, frameLength, hopLength, fftLength, window, padding, scaling });
    this.#fft = new RealFft(fftLength);
    this.#pairs = SpectraPairs.open(fftLength);
    this.bins = this.#fft.bins;
    this.#window = makeWindow(window, frameLength);
    const sum = this.#window.reduce((total, w) => total + w, 0);
    this.bandwidth = (fftLength * this.#window.reduce((total, w) => total + w * w, 0)) / sum ** 2;
    // Scaling the window once spares scaling every spectrum.
    if (scaling === 'fullScale') this.#window = this.#window.map((w) => (2 / sum) * w);
    this.#offset = Math.floor((fftLength - frameLength) / 2);
    const from = padding === 'none' ? 0 : this.#offset - fftLength / 2;
    this.reach = [from, from + frameLength];
    this.#samples = new Float32Array(frameLength);
    this.#input = new Float64Array(fftLength);
    this.#spectrum = new Float64Array(2 * this.bins);
    this.#power = new Float64Array(this.bins);
  }

  /** How many frames a recording of so many samples has. */
  frameCount(sampleCount: number): number {
    checkInteger('count frames', 'sampleCount', sampleCount, 1, Number.MAX_SAFE_INTEGER);
    const { padding, frameLength, hopLength } = this.options;
    if (padding === 'none') return 1 + Math.max(0, Math.floor((sampleCount - frameLength) / hopLength));
    return 1 + Math.floor(sampleCount / hopLength);
  }

  /**
   * Holds that samples can be transformed.
   *
   * @returns all their frames
   * @throws {TypeError} when they are no Float32Array
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  check(samples: Float32Array): Frames {
    checkWaveform('transform', { samples, sampleRate: this.options.sampleRate });
    return { samples, start: 0, end: this.frameCount(samples.length) };
  }

  /**
   * Some frames of samples that have been checked.
   *
   * @throws {RangeError} when they are not there
   */
  range(samples: Float32Array, start: number, end: number): Frames {
    checkInteger('compute frames', 'end', end, 0, this.frameCount(samples.length));
    checkInteger('compute frames', 'start', start, 0, end);
    return { samples, start, end };
  }

  /**
   * Calls `visit` with the spectrum of each frame in turn.
   *
   * @param visit gets 2 × `bins` numbers, real and imaginary parts interleaved, in a buffer that the next frame overwrites, and the
   *   frame's place among them
   */
  each(frames: Frames, visit: (spectrum: Float64Array, place: number) => void): void {
    const spectrum = this.#spectrum;
    this.#eachFrame(frames, (input, place) => {
      this.#fft.transform(input, spectrum);
      visit(spectrum, place);
    });
  }

  /**
   * Calls `visit` with the power spectrum of each frame in turn.
   *
   * @param visit gets `bins` numbers, in a buffer that the next frame overwrites, and the frame's place among them
   */
  eachPower(frames: Frames, visit: (power: Float64Array, place: number) => void): void {
    const power = this.#power;
    this.#eachFrame(frames, (input, place) => {
      this.#fft.transformToPower(input, power);
      visit(power, place);
    });
  }

  /**
   * Calls `visit` with the power in some bands of each frame in turn.
   *
   * @param visit gets numbers, that of band b at `first + b · step`, in a buffer that the next frame overwrites, and the frame's
   *   place among them
   */
  eachBandPower(
    frames: Frames,
    bands: readonly Band[],
    visit: (power: Float64Array, first: number, step: number, place: number) => void,
  ): void {
    const pairs = this.#pairs;
    if (!pairs) {
      const sums = new Float64Array(bands.length);
      this.eachPower(frames, (power, place) => {
        for (const [band, { firstBin, weights }] of bands.entries()) {
          let sum = 0;
          for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[firstBin + i]!;
          sums[band] = sum;
        }
        visit(sums, 0, 1, place);
      });
      return;
    }
    const { samples, start, end } = frames;
    const [first, second] = pairs.set(bands, this.#window, this.#offset);
    for (let frame = start; frame < end; frame += 2) {
      this.#read(samples, frame, first);
      if (frame + 1 < end) this.#read(samples, frame + 1, second);
      const power = pairs.bandPower();
      visit(power, 0, 2, frame - start);
      if (frame + 1 < end) visit(power, 1, 2, frame + 1 - start);
    }
  }

  #eachFrame({ samples, start, end }: Frames, visit: (input: Float64Array, place: number) => void): void {
    for (let frame = start; frame < end; frame++) {
      this.#fill(samples, frame);
      visit(this.#input, frame - start);
    }
  }

  /** Reads a frame's samples. */
  #read(samples: Float32Array, frame: number, to: Float32Array): void {
    const start = frame * this.options.hopLength + this.reach[0]; // may lie before 0
    if (start >= 0 && start + to.length <= samples.length) {
      to.set(samples.subarray(start, start + to.length));
      return;
    }
    const mirrored = this.options.padding === 'reflect';
    for (let i = 0; i < to.length; i++) to[i] = samples[mirrored ? mirror(start + i, samples.length) : start + i] ?? 0;
  }

  /** Writes a windowed frame into the FFT's input. */
  #fill(samples: Float32Array, frame: number): void {
    const window = this.#window;
    this.#read(samples, frame, this.#samples);
    for (let i = 0; i < window.length; i++) this.#input[this.#offset + i] = window[i]! * this.#samples[i]!;
  }
}

/** The samples of a waveform, which must be at the rate that the features are for. */
export function samplesAt(sampleRate: number, waveform: Waveform): Float32Array {
  if (waveform.sampleRate !== sampleRate) {
    throw new RangeError(
      `Cannot transform: the waveform's sampleRate must be ${sampleRate} Hz, got ${waveform.sampleRate} Hz; ` +
        'resample it, or set the option sampleRate',
    );
  }
  return waveform.samples;
}

/** Where an index lies in [0, length) when the sequence is mirrored about its first and last element, again and again. */
function mirror(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const phase = ((index % period) + period) % period;
  return phase < length ? phase : period - phase;
}
