// options of data augmentation → checked, with every default filled in

import { checkNothingElse, checkOptions, type Resolved } from '../core/check.ts';
import { isSpectral } from '../features/featureKinds.ts';
import type { BabbleOptions } from './augment/babble.ts';
import type { ColouredNoiseOptions } from './augment/colouredNoise.ts';
import type { CropOptions } from './augment/crop.ts';
import type { EqualisationOptions } from './augment/equalisation.ts';
import type { FrequencyMaskOptions, TimeMaskOptions } from './augment/masks.ts';
import type { NoiseOptions } from './augment/noise.ts';
import type { MixupOptions } from './augment/ofBatches.ts';
import { ACTION, type Part } from './augment/part.ts';
import { PARTS } from './augment/parts.ts';
import type { RoomOptions } from './augment/room.ts';
import type { TelephoneOptions } from './augment/telephone.ts';
import type { TempoOptions } from './augment/tempo.ts';
import type { CopiesOptions } from './augment/variants.ts';

export type {
  BabbleOptions,
  ColouredNoiseOptions,
  CopiesOptions,
  CropOptions,
  EqualisationOptions,
  FrequencyMaskOptions,
  MixupOptions,
  NoiseOptions,
  RoomOptions,
  TelephoneOptions,
  TempoOptions,
  TimeMaskOptions,
};

/** Data augmentation, drawn anew for a training clip in each epoch. `false` switches a part off; numbers are limits of uniform draws. */
export interface AugmentOptions {
  /** Draw one of the clip's speed copies (see `prepareExamples`), the clip itself included. @default true */
  readonly speed?: boolean | undefined;
  /** Draw one of the copies of the clip's waveform, where `prepareExamples` has made some (`copies`). @default false */
  readonly copies?: CopiesOptions | false | undefined;
  /** Another tempo at the same pitch. @default false */
  readonly tempo?: TempoOptions | false | undefined;
  /** A part of the clip alone, down to 0.8 s. @default false */
  readonly crop?: CropOptions | false | undefined;
  /** Put a short clip anywhere in the window and cut a long one anywhere, in place of the middle. @default true */
  readonly placement?: boolean | undefined;
  /** Most bins by which the spectrogram moves up or down the frequency axis; the edge bin is repeated. @default 3 */
  readonly melShift?: number | false | undefined;
  /** Reverberation, over the rest of the window. @default false */
  readonly room?: RoomOptions | false | undefined;
  /** Other clips of the set in the background, over the whole window. @default false */
  readonly babble?: BabbleOptions | false | undefined;
  /** Steady noise of a drawn colour at a drawn ratio to the clip, over the whole window. @default false */
  readonly colouredNoise?: ColouredNoiseOptions | false | undefined;
  /** A random smooth filter, as another microphone. @default false */
  readonly equalisation?: EqualisationOptions | false | undefined;
  /** The band of a telephone, and noise of its line. @default false */
  readonly telephone?: TelephoneOptions | false | undefined;
  /** Most decibels by which the gain changes, up or down. @default 6 */
  readonly gainDb?: number | false | undefined;
  /** Steady background noise of a drawn level, over the whole window. @default false */
  readonly noise?: NoiseOptions | false | undefined;
  /** Time masks (SpecAugment). @default one, of up to 12 frames */
  readonly timeMasks?: TimeMaskOptions | false | undefined;
  /** Frequency masks (SpecAugment). @default one, of up to 8 bins */
  readonly frequencyMasks?: FrequencyMaskOptions | false | undefined;
  /** What masks are filled with: the mean of each bin over the training set (0 once normalised), or silence. @default 'mean' */
  readonly maskFill?: 'mean' | 'silence' | undefined;
  /** Mixup: blends clips of a batch and their labels. @default false */
  readonly mixup?: MixupOptions | false | undefined;
}

/** {@link AugmentOptions} with every default filled in: plain JSON. */
export type ResolvedAugment = {
  readonly [Name in keyof AugmentOptions]-?:
    | Exclude<AugmentOptions[Name], object | undefined>
    | Resolved<Extract<AugmentOptions[Name], object>>;
};

/** What the table must have: each option's part. */
type Parts = {
  readonly [Name in keyof AugmentOptions]-?: Part<Exclude<AugmentOptions[Name], undefined>, ResolvedAugment[Name]>;
};

/**
 * Fills in the defaults.
 *
 * The parts that need a frequency axis or decibels (`melShift`, `gainDb`, `noise`, `frequencyMasks` and those that imitate rooms and
 * microphones) are off for cepstra, and for every kind of features that does not call itself `spectral`.
 *
 * @param options `false` switches everything off
 * @param features the kind of features they are for
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown, or is asked for where the
 *   features cannot have it
 */
export function resolveAugment(options: AugmentOptions | false, features: string): ResolvedAugment {
  const spectral = isSpectral(features);
  const given = options === false ? {} : checkOptions(ACTION, options, 'augment');
  const { ...rest } = given as Record<string, unknown>;
  const resolved: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(PARTS satisfies Parts) as [
    keyof AugmentOptions,
    Part<unknown, unknown>,
  ][]) {
    const { fallback, off = false, needs } = part;
    const possible = spectral || needs === undefined;
    const value = rest[name] === undefined ? (possible && options !== false ? fallback : off) : rest[name];
    if (!possible && value !== false) {
      throw new RangeError(
        `Cannot ${ACTION}: augment.${name} must be false for ${features} features, whose bins are no frequencies`,
      );
    }
    resolved[name] = value === off ? off : part.resolve(value, `augment.${name}`);
    delete rest[name];
  }
  checkNothingElse(ACTION, rest, 'augment');
  return resolved as ResolvedAugment;
}
