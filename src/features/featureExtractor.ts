// Waveform → features, the same way in training and in use

import { checkWaveform } from '../audio/checkWaveform.ts';
import { type ResolvedTrimOptions, resolveTrimOptions, type TrimOptions } from '../audio/trim.ts';
import type { Waveform } from '../audio/waveform.ts';
import { checkBoolean, checkNothingElse, checkOptions } from '../core/check.ts';
import { extractUnchecked, preprocessUnchecked } from './extractFeatures.ts';
import { type FeatureOptions, type Features, makeFeatures, type ResolvedFeatureOptions } from './featureKinds.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

/** Options of {@link FeatureExtractor}. */
export interface FeatureExtractorOptions {
  /**
   * Samples per second that waveforms are brought to before anything else, a whole number.
   * @default 16000
   */
  readonly sampleRate?: number | undefined;
  /**
   * How silence at both ends is cut off, or `false` for not at all.
   * @default {} (the defaults of `trimSilence`)
   */
  readonly trim?: TrimOptions | false | undefined;
  /**
   * The features: {@link LogMel} (`'logMel'`), {@link Mfcc} (`'mfcc'`), `LogStft` (`'stft'`), or a kind that `registerFeatures` has
   * added.
   * @default { type: 'logMel' }
   */
  readonly features?: FeatureOptions | undefined;
}

/** {@link FeatureExtractorOptions} with every default filled in: plain JSON, and complete. */
export interface ResolvedFeatureExtractorOptions {
  /** Samples per second that waveforms are brought to. */
  readonly sampleRate: number;
  /** How silence at both ends is cut off, or `false`. */
  readonly trim: ResolvedTrimOptions | false;
  /** Which features, and all their options. */
  readonly features: ResolvedFeatureOptions;
}

/** Options of {@link FeatureExtractor.extract}. */
export interface ExtractOptions {
  /**
   * `false` leaves this waveform untrimmed, for example because it is cut from the middle of a recording.
   * @default true: trimmed by the extractor's own options
   */
  readonly trim?: boolean | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The one way from a waveform to what a model takes in: without a constant offset (DC), resampled, trimmed, transformed.
 *
 * Its options travel with a trained model, so that every use of the model computes the features it was trained on.
 *
 * @example
 * const extractor = new FeatureExtractor();
 * const { values, frames, bins } = await extractor.extract({ samples: new Float32Array(48000), sampleRate: 48000 });
 * const again = new FeatureExtractor(JSON.parse(JSON.stringify(extractor.options))); // does exactly the same
 */
export class FeatureExtractor {
  /** The options as they are in effect; making another extractor of them gives the same features. */
  readonly options: ResolvedFeatureExtractorOptions;
  /** Numbers a frame. */
  readonly bins: number;
  /** Frames per second of recording. */
  readonly framesPerSecond: number;
  /** What a frame of digital silence has, one number a bin: what a recording that is too short is filled up with. */
  readonly silence: Float32Array;
  /** What computes the features of samples at `options.sampleRate`, e.g. a {@link LogMel}. */
  readonly features: Features;

  /**
   * @param options may come from a file of unknown origin: they are checked completely
   * @throws {RangeError} when an option is out of its range
   * @throws {TypeError} when an option is of the wrong type or there is none of that name
   */
  constructor(options: FeatureExtractorOptions = {}) {
    const { sampleRate = 16000, trim = {}, features = { type: 'logMel' }, ...others } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, others);
    this.features = makeFeatures(ACTION, sampleRate, features);
    const { sampleRate: _, ...resolved } = this.features.options;
    this.options = Object.freeze({
      sampleRate,
      trim: trim === false ? trim : Object.freeze(resolveTrimOptions(trim, ACTION, 'trim')),
      features: Object.freeze({ type: features.type, ...resolved }) as ResolvedFeatureOptions,
    });
    this.bins = this.features.bins;
    this.framesPerSecond = sampleRate / resolved.hopLength;
    this.silence = this.features.computeFrames(new Float32Array(1), 0, 1).values;
  }

  /**
   * The features of a waveform at any sampling rate. Timers and input have their turn meanwhile.
   *
   * @returns a matrix of at least one frame
   * @throws {RangeError} when the waveform is empty or its rate cannot be resampled from
   * @throws {TypeError} when it is not a waveform, an option is of the wrong type or there is none of that name
   * @throws {AudioFormatError} when a sample is not finite
   */
  async extract(waveform: Waveform, options: ExtractOptions = {}): Promise<FeatureMatrix> {
    return extractUnchecked(this, waveform, checkExtract(waveform, options));
  }

  /**
   * The last part of {@link extract} alone: the features of samples that are at `options.sampleRate`, of which nothing is trimmed.
   *
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  compute(samples: Float32Array): FeatureMatrix {
    return this.features.compute(samples);
  }

  /**
   * The first part of {@link extract} alone: the waveform as the features are computed from it: without a
   * constant offset (DC), resampled and trimmed.
   *
   * @throws as `extract` does
   */
  async preprocess(waveform: Waveform, options: ExtractOptions = {}): Promise<Waveform> {
    return preprocessUnchecked(this, waveform, checkExtract(waveform, options));
  }
}

const ACTION = 'make a FeatureExtractor';

function checkExtract(waveform: Waveform, options: ExtractOptions): ExtractOptions {
  const { trim = true, signal, ...rest } = checkOptions('extract features', options);
  checkNothingElse('extract features', rest);
  checkBoolean('extract features', 'trim', trim);
  checkWaveform('extract features', waveform);
  return { trim, signal };
}
