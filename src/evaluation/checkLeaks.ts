// folds of clips → what of the test clips leaks into the training, as data

import {
  checkArray,
  checkFunction,
  checkNothingElse,
  checkObject,
  checkOneOf,
  checkOptions,
  checkString,
  typeName,
} from '../core/check.ts';
import { isFloat32Array } from '../core/realm.ts';
import { checkNames } from '../exampleSet/checkExamples.ts';
import { ExampleContents } from '../exampleSet/exampleContents.ts';
import type { SpeakerRule } from '../exampleSet/namedFold.ts';
import { Normalizer, type NormalizerJson } from '../features/normalizer.ts';
import {
  ACTION,
  clipLeaks,
  type FoldClips,
  type Leak,
  normalizerLeaks,
  type SplitClip,
  speakerLeaks,
  testedTwice,
} from './foldLeaks.ts';

/** One split, with all that is to be checked. */
export interface SplitFold {
  /** Unique, e.g. `actors5/0`. */
  readonly name: string;
  /** What is trained on. */
  readonly train: Iterable<SplitClip>;
  /** What is reported on. */
  readonly test: Iterable<SplitClip>;
  /** The one that was fitted for this fold, as in `settings.normalizer` of its model. @default it is not checked */
  readonly normalizer?: NormalizerJson | undefined;
}

/** Options of {@link checkLeaks}. */
export interface LeakOptions {
  /** Whether folds may test speakers that they train on. @default 'independent' */
  readonly speakers?: SpeakerRule | undefined;
  /**
   * The take that a clip is of. Altered copies, the sound of a video, and files that are there twice are of one take, which may be on one
   * side of a fold only: `({ name }) => name.split('/').at(-1)!.slice(3)` for RAVDESS, whose names begin with the kind of recording.
   *
   * @default each clip is a take of its own
   */
  readonly takeOf?: ((clip: SplitClip) => string) | undefined;
}

/**
 * Finds what of the test clips leaks into the training: `expect(checkLeaks(folds)).toEqual([])`.
 *
 * `crossValidate` refuses such folds by itself; this is for splits that are made and trained on elsewhere. Features are compared bit for
 * bit, so an altered copy (noise, another codec, another gain) is found by `takeOf` alone. Nothing tells whether something was *chosen* by
 * results: the best epoch, the best of many splits, options.
 *
 * @param folds their clips: recordings, of which names and speakers are compared, or examples, of which the features are, too
 * @returns fold by fold, each training clip and each speaker at most once a type; none where nothing leaks
 * @throws {RangeError | TypeError} when there are no folds, two have one name, one is not made of clips, a normaliser is to be checked and
 *   training clips have no features, or an option is wrong
 * @see Kapoor & Narayanan 2023, "Leakage and the reproducibility crisis in machine-learning-based science",
 *   https://doi.org/10.1016/j.patter.2023.100804
 *
 * @example
 * ```ts
 * const leaks = checkLeaks(dataset.folds('actors5'), { takeOf: ({ name }) => name.split('/').at(-1)!.slice(3) });
 * for (const { message } of leaks) console.warn(message);
 * ```
 */
export function checkLeaks(folds: Iterable<SplitFold>, options: LeakOptions = {}): Leak[] {
  const { speakers = 'independent', takeOf, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkOneOf(ACTION, 'speakers', speakers, ['independent', 'dependent']);
  if (takeOf !== undefined) checkFunction(ACTION, 'takeOf', takeOf);
  const contents = new ExampleContents();
  const sets = readFolds(folds);
  return [
    ...sets.flatMap((set) => [
      ...clipLeaks(set, (clip) => contents.of(clip), takeOf),
      ...(speakers === 'independent' ? speakerLeaks(set) : []),
      ...normalizerLeaks(set),
    ]),
    ...testedTwice(sets),
  ];
}

function readFolds(folds: Iterable<SplitFold>): FoldClips[] {
  const sets = listOf('folds', folds).map(({ name, train, test, normalizer }) => ({
    fold: checkString(ACTION, 'the name of a fold', name),
    train: listOf(`train of fold ${name}`, train).map((clip) => readClip(name, clip)),
    test: listOf(`test of fold ${name}`, test).map((clip) => readClip(name, clip)),
    normalizer: normalizer && Normalizer.fromJSON(normalizer),
  }));
  if (sets.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be folds, got none`);
  const named = sets.map(({ fold }) => ({ name: fold }));
  checkNames(ACTION, named, 'fold names');
  return sets;
}

function listOf<T extends object>(name: string, items: Iterable<T>): T[] {
  if (typeof items === 'object' && typeof items?.[Symbol.iterator] === 'function') {
    return Array.from(items, (item) => checkObject(ACTION, `each of ${name}`, item));
  }
  throw new TypeError(`Cannot ${ACTION}: ${name} must be a list, got ${typeName(items)}`);
}

function readClip(fold: string, clip: SplitClip): SplitClip {
  const { speaker, variants } = clip;
  const name = checkString(ACTION, `the name of a clip of fold ${fold}`, clip.name);
  if (speaker !== undefined && typeof speaker !== 'string') {
    throw new TypeError(`Cannot ${ACTION}: the speaker of '${name}' must be text, got ${typeName(speaker)}`);
  }
  for (const matrix of variants === undefined ? [] : checkArray(ACTION, `the variants of '${name}'`, variants)) {
    if (isFloat32Array(matrix?.values)) continue;
    const rule = 'matrices of a Float32Array';
    throw new TypeError(`Cannot ${ACTION}: the variants of '${name}' must be ${rule}, got ${typeName(matrix?.values)}`);
  }
  return clip;
}
