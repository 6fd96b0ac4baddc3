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
import { ExampleContents } from '../exampleSet/exampleContents.ts';
import type { Named, SpeakerRule } from '../exampleSet/namedFold.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { Normalizer, type NormalizerJson } from '../features/normalizer.ts';

/** A clip of a split: a recording or an example will do. */
export interface SplitClip extends Named {
  /** Who speaks; `''` or left out where it is not known. */
  readonly speaker?: string | undefined;
  /** Its features, before normalisation, first of the clip as it is, [frames, bins]. Without them nothing is compared by content. */
  readonly variants?: readonly FeatureMatrix[] | undefined;
}

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
 * What leaks: a `clip` that is trained on and tested; a `copy`, the features of a tested clip under another name; another clip of a tested
 * `take`; a `speaker` that is trained on and tested, or is not known (`unknownSpeaker`); a clip that is `testedTwice`; a `normalizer` that is
 * not that of the training clips as they are.
 */
export type LeakType = 'clip' | 'copy' | 'take' | 'speaker' | 'unknownSpeaker' | 'testedTwice' | 'normalizer';

/** One leak. */
export interface Leak {
  /** What leaks. */
  readonly type: LeakType;
  /** In which fold; for a clip that is tested twice, where it is tested again. */
  readonly fold: string;
  /** The clip that is trained on, where it is one. */
  readonly trained?: string | undefined;
  /** The clip that is tested, where it is one. */
  readonly tested?: string | undefined;
  /** The whole in a sentence. */
  readonly message: string;
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

const ACTION = 'check for leaks';

/** A fold that was read. */
interface ReadFold {
  readonly fold: string;
  readonly train: readonly SplitClip[];
  readonly test: readonly SplitClip[];
  readonly normalizer: Normalizer | undefined;
}

function readFolds(folds: Iterable<SplitFold>): ReadFold[] {
  const sets = listOf('folds', folds).map(({ name, train, test, normalizer }) => ({
    fold: checkString(ACTION, 'the name of a fold', name),
    train: listOf(`train of fold ${name}`, train).map((clip) => readClip(name, clip)),
    test: listOf(`test of fold ${name}`, test).map((clip) => readClip(name, clip)),
    normalizer: normalizer && Normalizer.fromJSON(normalizer),
  }));
  if (sets.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be folds, got none`);
  const names = sets.map(({ fold }) => fold);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new RangeError(`Cannot ${ACTION}: fold names must be unique, got '${twice}' twice`);
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

/** Training clips that are tested ones, by name, content or take: each by the first of these. */
function clipLeaks(
  { fold, train, test }: ReadFold,
  contentsOf: (clip: SplitClip) => readonly string[],
  takeOf: LeakOptions['takeOf'],
): Leak[] {
  const named = firstByKey(test, ({ name }) => [name]);
  const byContent = firstByKey(test, contentsOf);
  const takesOf = (clip: SplitClip) => (takeOf ? [checkString(ACTION, `takeOf('${clip.name}')`, takeOf(clip))] : []);
  const byTake = firstByKey(test, takesOf);
  return unique(train).flatMap((clip): Leak[] => {
    const found = (type: LeakType, tested: string | undefined, how: string): Leak[] =>
      tested === undefined
        ? []
        : [{ type, fold, trained: clip.name, tested, message: `Fold ${fold} trains on '${clip.name}' ${how}` }];
    const [clipLeak] = found('clip', named.get(clip.name), 'and tests it');
    if (clipLeak) return [clipLeak];
    const copied = contentsOf(clip)
      .map((content) => byContent.get(content))
      .find((name) => name !== undefined);
    const [copy] = found('copy', copied, `and tests the same features as '${copied}'`);
    if (copy) return [copy];
    const [take] = takesOf(clip).map((own) => byTake.get(own));
    return found('take', take, `and tests another clip of the same take, '${take}'`);
  });
}

/** The name of the first clip of each key. */
function firstByKey(clips: readonly SplitClip[], keysOf: (clip: SplitClip) => readonly string[]): Map<string, string> {
  const first = new Map<string, string>();
  for (const clip of clips) {
    for (const key of keysOf(clip)) if (!first.has(key)) first.set(key, clip.name);
  }
  return first;
}

/** Each clip once, in order: that it is drawn more often is no leak. */
function unique(clips: readonly SplitClip[]): SplitClip[] {
  const names = new Set<string>();
  return clips.filter(({ name }) => !names.has(name) && names.add(name));
}

/** Speakers on both sides, and clips whose speaker may be. In composed Unicode, so that no speaker is two. */
function speakerLeaks({ fold, train, test }: ReadFold): Leak[] {
  const bySpeaker = (clips: readonly SplitClip[]) =>
    firstByKey(clips, ({ speaker }) => (speaker ? [speaker.normalize()] : []));
  const testers = bySpeaker(test);
  const both = [...bySpeaker(train)].flatMap(([speaker, trained]): Leak[] => {
    const tested = testers.get(speaker);
    if (tested === undefined) return [];
    const message = `Fold ${fold} trains on speaker '${speaker}' ('${trained}') and tests them ('${tested}')`;
    return [{ type: 'speaker', fold, trained, tested, message }];
  });
  const unknown = (side: 'trained' | 'tested', clips: readonly SplitClip[]): Leak[] => {
    const without = unique(clips).filter(({ speaker }) => !speaker);
    const name = without[0]?.name;
    if (name === undefined) return [];
    const message = `Fold ${fold}: ${without.length} clips that are ${side} have no speaker, the first '${name}', so it may be on both sides`;
    return [{ type: 'unknownSpeaker', fold, [side]: name, message }];
  };
  return [...both, ...unknown('trained', train), ...unknown('tested', test)];
}

/** By how much a mean may be off, as a share of itself and of the standard deviation: rounding, and less than one clip more makes. */
const ROUNDING = 1e-5;

function normalizerLeaks({ fold, train, normalizer }: ReadFold): Leak[] {
  if (!normalizer) return [];
  const matrices = unique(train).flatMap(({ name, variants }) => {
    if (variants?.[0]) return variants[0];
    throw new RangeError(
      `Cannot ${ACTION}: training clips of a fold with a normaliser must have features, got '${name}'`,
    );
  });
  const own = Normalizer.fit(matrices);
  const isOwn =
    own.bins === normalizer.bins &&
    own.mean.every((mean, bin) => {
      const std = own.std[bin]!;
      const isMean = Math.abs(normalizer.mean[bin]! - mean) <= ROUNDING * (std + Math.abs(mean) / 10);
      return isMean && Math.abs(normalizer.std[bin]! - std) <= ROUNDING * std;
    });
  if (isOwn) return [];
  return [
    { type: 'normalizer', fold, message: `Fold ${fold} has a normaliser that is not that of its training clips` },
  ];
}

/** Clips that are tested again, by a later fold or the same. */
function testedTwice(sets: readonly ReadFold[]): Leak[] {
  const first = new Map<string, string>();
  return sets.flatMap(({ fold, test }) =>
    test.flatMap(({ name }): Leak[] => {
      const before = first.get(name);
      if (before === undefined) {
        first.set(name, fold);
        return [];
      }
      const message = `Fold ${fold} tests '${name}', which fold ${before} ${before === fold ? 'has already' : 'tests'}`;
      return [{ type: 'testedTwice', fold, tested: name, message }];
    }),
  );
}
