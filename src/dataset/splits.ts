// labelled things → train and test, by speaker or stratified by label
//
// Works on anything with a label and a speaker. Results depend on the order of the items and on the seed alone.

import { RandomStream } from '../core/random.ts';

/** What splits look at. */
export interface Splittable {
  /** What is to be recognised. */
  readonly label: string;
  /** Who speaks, `''` where it is not known. */
  readonly speaker: string;
  /** Values that draws may be balanced by. */
  readonly groups: Readonly<Record<string, string>>;
}

/** Two disjoint parts of a dataset. */
export interface Split<D> {
  /** What a model learns from. */
  readonly train: D;
  /** What it is measured on, or, where a training set was split, validated on. */
  readonly test: D;
}

/** One of several splits of a dataset, which together test every recording once. */
export interface Fold<D> extends Split<D> {
  /** Names the protocol and the fold, e.g. `'actors5/0'`. */
  readonly name: string;
}

/** How many speakers to draw for the test part. */
export interface SpeakerDraw {
  /** How many speakers to draw. */
  readonly speakers: number;
  /** Another seed draws other speakers. @default 0 */
  readonly seed?: number;
  /**
   * Key of a group of the recordings, e.g. `'sex'`: as many speakers are drawn from each of its values as there are
   * speakers for.
   *
   * @default none, every speaker is as likely as every other
   */
  readonly balance?: string;
}

/** How to cut a dataset into folds at random. */
export interface FoldOptions {
  /** How many folds, 2 or more. */
  readonly folds: number;
  /**
   * `'recording'`: stratified by label, and **speaker-dependent**: a test fold holds speakers that were trained on, so
   * that the result says nothing of new speakers. `'speaker'`: speakers are kept together.
   *
   * @default 'recording'
   */
  readonly by?: 'recording' | 'speaker';
  /** Another seed gives other folds. @default 0 */
  readonly seed?: number;
}

/** The speakers of the items, sorted, without the unknown one (`''`). */
export function speakersOf(items: readonly Splittable[]): string[] {
  return [...new Set(items.map(({ speaker }) => speaker))].filter((speaker) => speaker !== '').sort();
}

/**
 * Puts the recordings of some speakers into the test part and all others into the training part.
 *
 * @throws {RangeError} when a speaker has no recording, when either part would be empty, or when speakers are not known
 */
export function splitBySpeaker<T extends Splittable>(items: readonly T[], testSpeakers: Iterable<string>): Split<T[]> {
  const known = knownSpeakers(items);
  const chosen = new Set(testSpeakers);
  const strange = [...chosen].filter((speaker) => !known.includes(speaker));
  if (strange.length > 0) {
    throw new RangeError(
      `Cannot split by speaker: test speakers must be among ${known.join(', ')}, got ${strange.join(', ')}`,
    );
  }
  if (chosen.size === 0 || chosen.size === known.length) {
    throw new RangeError(
      `Cannot split by speaker: test speakers must be some but not all of ${known.join(', ')}, got ${chosen.size === 0 ? 'none' : 'all'}`,
    );
  }
  return split(items, (item) => chosen.has(item.speaker));
}

/**
 * Draws speakers at random, evenly from the values of a group where one is named.
 *
 * @throws {RangeError} when there are not more speakers than are to be drawn, or the group is unknown
 */
export function drawSpeakers(items: readonly Splittable[], { speakers, seed = 0, balance }: SpeakerDraw): string[] {
  const known = knownSpeakers(items);
  if (!Number.isInteger(speakers) || speakers < 1 || speakers >= known.length) {
    throw new RangeError(
      `Cannot draw speakers: their number must be a whole number from 1 to ${known.length - 1}, got ${speakers}`,
    );
  }
  const groupOf = new Map<string, string>();
  for (const { speaker, groups } of items) {
    if (balance !== undefined && groups[balance] === undefined) {
      throw new RangeError(
        `Cannot draw speakers: balance must be a group that every recording has, got ${balance}, not among ${Object.keys(groups).join(', ') || 'none'}`,
      );
    }
    groupOf.set(speaker, balance === undefined ? '' : groups[balance]!);
  }
  const random = new RandomStream(seed, 'draw speakers');
  const pools = [...new Set(groupOf.values())]
    .sort()
    .map((group) => random.shuffle(known.filter((speaker) => groupOf.get(speaker) === group)));
  // Which group gives one more where the number is odd is drawn too.
  random.shuffle(pools);
  const rounds = Math.max(...pools.map((pool) => pool.length));
  const inTurn = Array.from({ length: rounds }, (_, round) => pools.flatMap((pool) => pool[round] ?? [])).flat();
  return inTurn.slice(0, speakers).sort();
}

/**
 * Cuts items into folds at random; see {@link FoldOptions} for the two ways.
 *
 * @throws {RangeError} when there are fewer recordings of a label, or fewer speakers, than folds
 */
export function randomFolds<T extends Splittable>(
  items: readonly T[],
  { folds, by = 'recording', seed = 0 }: FoldOptions,
): Fold<T[]>[] {
  if (by !== 'recording' && by !== 'speaker') {
    throw new RangeError(`Cannot cut folds: by must be 'recording' or 'speaker', got ${by}`);
  }
  const foldOf = by === 'recording' ? dealRecordings(items, folds, seed) : dealSpeakers(items, folds, seed);
  return Array.from({ length: folds }, (_, fold) => ({
    name: `${by}${folds}/${fold}`,
    ...split(items, (item) => foldOf.get(item) === fold),
  }));
}

/** Every label on its own: shuffled, then dealt like cards, each label going on where the one before stopped. */
function dealRecordings<T extends Splittable>(items: readonly T[], folds: number, seed: number): Map<T, number> {
  const labels = [...new Set(items.map(({ label }) => label))].sort();
  const decks = labels.map((label) => items.filter((item) => item.label === label));
  const smallest = Math.min(items.length, ...decks.map((deck) => deck.length));
  const rarest = labels[decks.findIndex((deck) => deck.length === smallest)] ?? 'any label';
  checkFolds(folds, smallest, `the number of recordings of ${rarest}`);
  const foldOf = new Map<T, number>();
  for (const [i, deck] of decks.entries()) {
    for (const item of new RandomStream(seed, 'folds', labels[i]!).shuffle(deck)) foldOf.set(item, foldOf.size % folds);
  }
  return foldOf;
}

/** The speaker with the most recordings first, each into the fold that has the fewest recordings so far. */
function dealSpeakers<T extends Splittable>(items: readonly T[], folds: number, seed: number): Map<T, number> {
  const speakers = knownSpeakers(items);
  checkFolds(folds, speakers.length, 'the number of speakers');
  const counts = new Map<string, number>();
  for (const { speaker } of items) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  const shuffled = new RandomStream(seed, 'speaker folds').shuffle(speakers);
  const bySize = shuffled.sort((a, b) => counts.get(b)! - counts.get(a)!);
  const sizes = new Array<number>(folds).fill(0);
  const foldOfSpeaker = new Map<string, number>();
  for (const speaker of bySize) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold]! += counts.get(speaker)!;
    foldOfSpeaker.set(speaker, fold);
  }
  return new Map(items.map((item) => [item, foldOfSpeaker.get(item.speaker)!]));
}

function split<T>(items: readonly T[], isTest: (item: T) => boolean): Split<T[]> {
  return { train: items.filter((item) => !isTest(item)), test: items.filter(isTest) };
}

function checkFolds(folds: number, most: number, what: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    throw new RangeError(`Cannot cut folds: folds must be a whole number from 2 to ${most}, ${what}, got ${folds}`);
  }
}

function knownSpeakers(items: readonly Splittable[]): string[] {
  if (items.some(({ speaker }) => speaker === '')) {
    throw new RangeError('Cannot split by speaker: the speaker of every recording must be known, got one without');
  }
  return speakersOf(items);
}
