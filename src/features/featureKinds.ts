// the name of a kind of features, options → the object that computes them
//
// One table for the library's kinds and for those that a host registers: whatever takes features by name (an extractor, a stream, the
// settings of a model, worker threads) finds them here.

import { checkFunction, checkInteger, checkOptions, checkString, shown } from '../core/check.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { LogMel } from './logMel.ts';
import { LogStft } from './logStft.ts';
import { Mfcc } from './mfcc.ts';

/** The library's own kinds of features, by the name that options and models give them. */
const KINDS = {
  /** Of {@link LogMel}. */ logMel: LogMel,
  /** Of {@link Mfcc}. */ mfcc: Mfcc,
  /** Of {@link LogStft}. */ stft: LogStft,
};

/**
 * Every kind of features there is, by name. A host that registers one adds it to the types as well.
 *
 * @example
 * ```ts
 * declare module 'speech-emotion/features' {
 *   interface FeatureKinds {
 *     energy: typeof Energy;
 *   }
 * }
 * ```
 */
export interface FeatureKinds extends OwnKinds {}
type OwnKinds = typeof KINDS;

/** Computes features of samples, frame by frame: what {@link LogMel}, {@link Mfcc} and {@link LogStft} have in common. */
export interface Features {
  /**
   * The options in effect, plain JSON: they travel with a model, and the class made of them again gives the same features.
   */
  readonly options: {
    /** Samples per second of the samples that will come. */
    readonly sampleRate: number;
    /** Samples from one frame to the next. */
    readonly hopLength: number;
  };
  /** Numbers a frame. */
  readonly bins: number;
  /**
   * Frame t is computed from samples t · hopLength + reach[0] up to, but not including, t · hopLength + reach[1]. Where these lie
   * beyond an end of the recording, as many samples at that end may take their place, as in a mirror image.
   */
  readonly reach: readonly [from: number, to: number];
  /**
   * The frequency at the centre of each bin in hertz, ascending, where bins are levels along an axis of frequency: augmentation filters
   * by it, and takes a bin to end about where its neighbours peak.
   * @default not known: what needs it is refused
   */
  readonly centreHz?: Float32Array | undefined;
  /** How many frames a recording of so many samples has, at least 1. */
  frameCount(sampleCount: number): number;
  /**
   * The features of a whole recording, of at least one sample.
   *
   * @throws {RangeError} when there are no samples
   * @throws {AudioFormatError} when a sample is not finite
   */
  compute(samples: Float32Array): FeatureMatrix;
  /**
   * Frames `start` up to, but not including, `end` of {@link Features.compute}.
   *
   * @param samples the whole recording, which has been checked
   */
  computeFrames(samples: Float32Array, start: number, end: number): FeatureMatrix;
}

/** A class of features. Its options are those of its kind, with the `sampleRate` of the extractor; it checks them all. */
export type FeaturesClass = (new (
  options: never,
) => Features) & {
  /**
   * Whether the bins are levels in decibels along an axis of frequency, as augmentation needs them to shift, mask and drown them.
   * @default false
   */
  readonly spectral?: boolean | undefined;
};

/** Which features, by `type`, with the options of the class that computes them; their sampling rate is the extractor's. */
export type FeatureOptions = {
  [Kind in keyof FeatureKinds]: {
    /** The kind of features: a key of {@link FeatureKinds}. */
    readonly type: Kind;
  } & Omit<NonNullable<ConstructorParameters<FeatureKinds[Kind]>[0]>, 'sampleRate'>;
}[keyof FeatureKinds];

/** {@link FeatureOptions} with every default filled in. */
export type ResolvedFeatureOptions = {
  [Kind in keyof FeatureKinds]: {
    /** The kind of features: a key of {@link FeatureKinds}. */
    readonly type: Kind;
  } & Omit<InstanceType<FeatureKinds[Kind]>['options'], 'sampleRate'>;
}[keyof FeatureKinds];

const known = new Map<string, FeaturesClass>(Object.entries(KINDS));

/**
 * Adds a kind of features, which extractors and models then know by name. A model that uses it loads only where it has been registered:
 * register it in a module that everything imports, threads included (`featureWorkers({ setup })`).
 *
 * @param kind the name: the `type` in the options of a `FeatureExtractor`
 * @param Class what computes them; registering it once more changes nothing
 * @throws {RangeError} when another class has that name
 * @throws {TypeError} when the name is no text, or the class is none
 * @example
 * registerFeatures('energy', Energy);
 * const extractor = new FeatureExtractor({ features: { type: 'energy', hopLength: 160 } });
 */
export function registerFeatures(kind: string, Class: FeaturesClass): void {
  checkString('register features', 'kind', kind);
  checkFunction('register features', 'Class', Class);
  if ((known.get(kind) ?? Class) !== Class) {
    throw new RangeError(`Cannot register features: kind must be a new name, got '${kind}', which another class has`);
  }
  known.set(kind, Class);
}

/**
 * The features that options name.
 *
 * @throws {RangeError | TypeError} when there is no such kind, or the options are not right for it
 */
export function makeFeatures(action: string, sampleRate: number, features: FeatureOptions): Features {
  checkOptions(action, features, 'features');
  const { type, ...options } = features;
  const Class = known.get(type);
  if (!Class) throw unknownKind(action, type);
  if ('sampleRate' in options) {
    throw new TypeError(`Cannot ${action}: features take the extractor's sampleRate and must not have their own`);
  }
  const made = new Class({ ...options, sampleRate } as never);
  checkInteger(action, `bins of '${type}'`, made.bins, 1, Number.MAX_SAFE_INTEGER);
  checkInteger(action, `options.hopLength of '${type}'`, made.options?.hopLength, 1, Number.MAX_SAFE_INTEGER);
  const [from, to] = made.reach ?? [];
  checkInteger(action, `reach[0] of '${type}'`, from, Number.MIN_SAFE_INTEGER, 0);
  checkInteger(action, `reach[1] of '${type}'`, to, 1, Number.MAX_SAFE_INTEGER);
  return made;
}

/** Whether the bins of a kind are levels along an axis of frequency. */
export function isSpectral(kind: string): boolean {
  return known.get(kind)?.spectral === true;
}

function unknownKind(action: string, type: unknown): RangeError {
  const names = [...known.keys()].map((name) => `'${name}'`).join(', ');
  return new RangeError(
    `Cannot ${action}: features.type must be one of ${names}, got ${shown(type)}; registerFeatures adds one, ` +
      'in each thread by itself (in those of featureWorkers by its option setup)',
  );
}
