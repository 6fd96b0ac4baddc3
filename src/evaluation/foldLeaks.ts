// the clips of folds → what of the tested ones leaks into the training

import { checkString } from '../core/check.ts';
import type { Named } from '../exampleSet/namedFold.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { Normalizer } from '../features/normalizer.ts';

/** What is done, as errors name it. */
export const ACTION = 'check for leaks';

/** A clip of a split: a recording or an example will do. */
export interface SplitClip extends Named {
  /** Who speaks; `''` or left out where it is not known. */
  readonly speaker?: string | undefined;
  /** Its features, before normalisation, first of the clip as it is, [frames, bins]. Without them nothing is compared by content. */
  readonly variants?: readonly FeatureMatrix[] | undefined;
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

/** A fold whose clips are checked. */
export interface FoldClips {
  readonly fold: string;
  readonly train: readonly SplitClip[];
  readonly test: readonly SplitClip[];
  readonly normalizer?: Normalizer | undefined;
}

/** Training clips that are tested ones, by name, content or take: each by the first of these. */
export function clipLeaks(
  { fold, train, test }: FoldClips,
  contentsOf: (clip: SplitClip) => readonly string[],
  takeOf?: ((clip: SplitClip) => string) | undefined,
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
export function speakerLeaks({ fold, train, test }: FoldClips): Leak[] {
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

/** A normaliser that is not that of the training clips as they are; within rounding. */
export function normalizerLeaks({ fold, train, normalizer }: Pick<FoldClips, 'fold' | 'train' | 'normalizer'>): Leak[] {
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
export function testedTwice(sets: readonly Pick<FoldClips, 'fold' | 'test'>[]): Leak[] {
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
