// options of data augmentation → checked, with every default filled in

import {
  checkBoolean,
  checkInteger,
  checkNothingElse,
  checkNumber,
  checkOneOf,
  checkOptions,
  type Resolved,
} from '../core/check.ts';
import { isSpectral } from '../features/featureKinds.ts';

/** Data augmentation, drawn anew for a training clip in each epoch. `false` switches a part off; numbers are limits of uniform draws. */
export interface AugmentOptions {
  /** Draw one of the clip's speed copies (see `prepareExamples`), the clip itself included. @default true */
  readonly speed?: boolean | undefined;
  /** Put a short clip anywhere in the window and cut a long one anywhere, in place of the middle. @default true */
  readonly placement?: boolean | undefined;
  /** Most bins by which the spectrogram moves up or down the frequency axis; the edge bin is repeated. @default 3 */
  readonly melShift?: number | false | undefined;
  /** Most decibels by which the gain changes, up or down. @default 6 */
  readonly gainDb?: number | false | undefined;
  /** Steady background noise, over the whole window. @default false */
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

/**
 * Noise that is added as power to features in decibels.
 *
 * White noise has the same expected power in each band of area-normalised mel filters, so it is modelled as one level for all
 * bins plus independent normal noise in decibels. The interference term 2·√(signal · noise), 0 on average, is left out.
 */
export interface NoiseOptions {
  /** Probability that a clip gets noise, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
  /** Lowest level, in the decibels of the features. @default -65 */
  readonly minDb?: number | undefined;
  /** Highest level, in the decibels of the features. @default -35 */
  readonly maxDb?: number | undefined;
  /** Standard deviation of the level between frames and bins, decibels. @default 1.5 */
  readonly stdDb?: number | undefined;
}

/** @see Park et al. 2019, "SpecAugment", https://arxiv.org/abs/1904.08779 (time masking) */
export interface TimeMaskOptions {
  /** How many masks; they may overlap. @default 1 */
  readonly count?: number | undefined;
  /** Longest mask, in frames. @default 12 */
  readonly maxFrames?: number | undefined;
}

/** @see Park et al. 2019, "SpecAugment", https://arxiv.org/abs/1904.08779 (frequency masking) */
export interface FrequencyMaskOptions {
  /** How many masks; they may overlap. @default 1 */
  readonly count?: number | undefined;
  /** Widest mask, in bins. @default 8 */
  readonly maxBins?: number | undefined;
}

/** @see Zhang et al. 2018, "mixup", https://arxiv.org/abs/1710.09412 */
export interface MixupOptions {
  /** The share of one clip is drawn from Beta(alpha, alpha), alpha in [0.01, 1]. @default 0.2 */
  readonly alpha?: number | undefined;
  /** Probability that a clip is blended, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
}

/** {@link AugmentOptions} with every default filled in: plain JSON. */
export type ResolvedAugment = {
  readonly [Part in keyof AugmentOptions]-?:
    | Exclude<AugmentOptions[Part], object | undefined>
    | Resolved<Extract<AugmentOptions[Part], object>>;
};

/**
 * Fills in the defaults.
 *
 * The parts that need a frequency axis or decibels (`melShift`, `gainDb`, `noise`, `frequencyMasks`) are off for cepstra, and for
 * every kind of features that does not call itself `spectral`.
 *
 * @param options `false` switches everything off
 * @param features the kind of features they are for
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown, or is asked for where the
 *   features cannot have it
 */
export function resolveAugment(options: AugmentOptions | false, features: string): ResolvedAugment {
  if (options === false) return NOTHING;
  const spectral = isSpectral(features);
  const {
    speed = true,
    placement = true,
    melShift = spectral ? 3 : false,
    gainDb = spectral ? 6 : false,
    noise = false,
    timeMasks = {},
    frequencyMasks = spectral ? {} : false,
    maskFill = 'mean',
    mixup = false,
    ...rest
  } = checkOptions(ACTION, options, 'augment');
  checkNothingElse(ACTION, rest, 'augment');
  for (const [name, value] of Object.entries({ melShift, gainDb, noise, frequencyMasks })) {
    if (!spectral && value !== false) {
      throw new RangeError(
        `Cannot ${ACTION}: augment.${name} must be false for ${features} features, whose bins are no frequencies`,
      );
    }
  }
  return {
    speed: checkBoolean(ACTION, 'augment.speed', speed),
    placement: checkBoolean(ACTION, 'augment.placement', placement),
    melShift: melShift !== false && checkInteger(ACTION, 'augment.melShift', melShift, 0, 1000),
    gainDb: gainDb !== false && checkNumber(ACTION, 'augment.gainDb', gainDb, 0, 100),
    noise: noise !== false && resolveNoise(noise),
    timeMasks: timeMasks !== false && resolveTimeMasks(timeMasks),
    frequencyMasks: frequencyMasks !== false && resolveFrequencyMasks(frequencyMasks),
    maskFill: checkOneOf(ACTION, 'augment.maskFill', maskFill, ['mean', 'silence']),
    mixup: mixup !== false && resolveMixup(mixup),
  };
}

const ACTION = 'train';

const NOTHING: ResolvedAugment = {
  speed: false,
  placement: false,
  melShift: false,
  gainDb: false,
  noise: false,
  timeMasks: false,
  frequencyMasks: false,
  maskFill: 'mean',
  mixup: false,
};

function resolveNoise(noise: NoiseOptions): Resolved<NoiseOptions> {
  const name = 'augment.noise';
  const { probability = 0.5, minDb = -65, maxDb = -35, stdDb = 1.5, ...rest } = checkOptions(ACTION, noise, name);
  checkNothingElse(ACTION, rest, name);
  checkNumber(ACTION, `${name}.probability`, probability, 0, 1);
  checkNumber(ACTION, `${name}.maxDb`, maxDb, -300, 100);
  checkNumber(ACTION, `${name}.minDb`, minDb, -300, maxDb);
  checkNumber(ACTION, `${name}.stdDb`, stdDb, 0, 100);
  return { probability, minDb, maxDb, stdDb };
}

function resolveTimeMasks(masks: TimeMaskOptions): Resolved<TimeMaskOptions> {
  const name = 'augment.timeMasks';
  const { count = 1, maxFrames = 12, ...rest } = checkOptions(ACTION, masks, name);
  checkNothingElse(ACTION, rest, name);
  checkInteger(ACTION, `${name}.count`, count, 0, 100);
  checkInteger(ACTION, `${name}.maxFrames`, maxFrames, 0, 1e6);
  return { count, maxFrames };
}

function resolveFrequencyMasks(masks: FrequencyMaskOptions): Resolved<FrequencyMaskOptions> {
  const name = 'augment.frequencyMasks';
  const { count = 1, maxBins = 8, ...rest } = checkOptions(ACTION, masks, name);
  checkNothingElse(ACTION, rest, name);
  checkInteger(ACTION, `${name}.count`, count, 0, 100);
  checkInteger(ACTION, `${name}.maxBins`, maxBins, 0, 1e6);
  return { count, maxBins };
}

function resolveMixup(mixup: MixupOptions): Resolved<MixupOptions> {
  const name = 'augment.mixup';
  const { alpha = 0.2, probability = 0.5, ...rest } = checkOptions(ACTION, mixup, name);
  checkNothingElse(ACTION, rest, name);
  checkNumber(ACTION, `${name}.alpha`, alpha, 0.01, 1);
  checkNumber(ACTION, `${name}.probability`, probability, 0, 1);
  return { alpha, probability };
}
