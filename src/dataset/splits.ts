// labelled things → train and test, by speaker or stratified by label
//
// Works on anything with a label and a speaker. Results depend on the order of the items and on the seed alone.

import {
  checkInteger,
  checkNothingElse,
  checkOneOf,
  checkOptions,
  checkSeed,
  checkString,
  shown,
} from '../core/check.ts';
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
  readonly seed?: number | undefined;
  /**
   * Key of a group of the recordings, e.g. `'sex'`: as many speakers are drawn from each of its values as there are
   * speakers for.
   *
   * @default none, every speaker is as likely as every other
   */
  readonly balance?: string | undefined;
}

/** How to cut a dataset into folds at random. */
export interface FoldOptions {
  /** How many folds, 2 or more. */
  readonly folds: number;
  /**
   * `'recording'`: stratified by label, and **speaker-dependent**: a test fold holds speakers that were trained on, so
   * that the result does not carry over to new speakers. `'speaker'`: speakers are kept together.
   *
   * @default 'recording'
   */
  readonly by?: 'recording' | 'speaker' | undefined;
  /** Another seed gives other folds. @default 0 */
  readonly seed?: number | undefined;
}

const DRAW = 'draw speakers';
const CUT = 'cut folds';

/** The speakers of the items, sorted, without the unknown one (`''`). */
export function speakersOf(items: readonly Splittable[]): string[] {
  return [...new Set(items.map(speakerOf))].filter((speaker) => speaker !== '').sort();
}

/**
 * Puts the recordings of some speakers into the test part and all others into the training part.
 *
 * @throws {RangeError} when a speaker has no recording, when either part would be empty, or when speakers are not known
 */
export function splitBySpeaker<T extends Splittable>(items: readonly T[], testSpeakers: Iterable<string>): Split<T[]> {
  const known = new Set(knownSpeakers(items));
  const chosen = new Set(
    Array.from(testSpeakers, (speaker) => checkString('split by speaker', 'a test speaker', speaker).normalize()),
  );
  const all = () => [...known].join(', ');
  const strange = [...chosen].filter((speaker) => !known.has(speaker));
  if (strange.length > 0) {
    throw new RangeError(`Cannot split by speaker: test speakers must be among ${all()}, got ${strange.join(', ')}`);
  }
  if (chosen.size === 0 || chosen.size === known.size) {
    throw new RangeError(
      `Cannot split by speaker: test speakers must be some but not all of ${all()}, got ${chosen.size === 0 ? 'none' : 'all'}`,
    );
  }
  return split(items, (item) => chosen.has(speakerOf(item)));
}

/**
 * Draws speakers at random, evenly from the values of a group where one is named.
 *
 * @throws {RangeError | TypeError} when there are not more speakers than are to be drawn, the group is unknown, or an option
 *   wrong
 */
export function drawSpeakers(items: readonly Splittable[], options: SpeakerDraw): string[] {
  const { speakers, seed = 0, balance, ...rest } = checkOptions(DRAW, options);
  checkNothingElse(DRAW, rest);
  checkSeed(DRAW, 'seed', seed);
  if (balance !== undefined) checkString(DRAW, 'balance', balance);
  const known = knownSpeakers(items);
  checkInteger(DRAW, 'speakers', speakers, 1, known.length - 1);
  const groupOf = new Map<string, string>();
  for (const item of items) {
    const { groups } = item;
    if (balance !== undefined && groups[balance] === undefined) {
      throw new RangeError(
        `Cannot ${DRAW}: balance must be a group that every recording has, got ${balance}, not among ${Object.keys(groups).join(', ') || 'none'}`,
      );
    }
    groupOf.set(speakerOf(item), balance === undefined ? '' : groups[balance]!);
  }
  const random = new RandomStream(seed, 'draw speakers');
  const pools = [...new Set(groupOf.values())]
    .sort()
    .map((group) => random.shuffle(known.filter((speaker) => groupOf.get(speaker) === group)));
  // Which group gives one more where the number is odd is drawn too.
  random.shuffle(pools);
  const rounds = pools.reduce((most, pool) => Math.max(most, pool.length), 0);
  const inTurn = Array.from({ length: rounds }, (_, round) => pools.flatMap((pool) => pool[round] ?? [])).flat();
  return inTurn.slice(0, speakers).sort();
}

/**
 * Cuts items into folds at random; see {@link FoldOptions} for the two ways.
 *
 * @throws {RangeError | TypeError} when there are fewer recordings of a label, or fewer speakers, than folds, or an option is
 *   wrong
 */
export function randomFolds<T extends Splittable>(items: readonly T[], options: FoldOptions): Fold<T[]>[] {
  const { folds, by = 'recording', seed = 0, ...rest } = checkOptions(CUT, options);
  checkNothingElse(CUT, rest);
  checkOneOf(CUT, 'by', by, ['recording', 'speaker']);
  checkSeed(CUT, 'seed', seed);
  const foldOf = by === 'recording' ? dealRecordings(items, folds, seed) : dealSpeakers(items, folds, seed);
  return Array.from({ length: folds }, (_, fold) => ({
    name: `${by}${folds}/${fold}`,
    ...split(items, (item) => foldOf.get(item) === fold),
  }));
}

/** Every label on its own: shuffled, then dealt like cards, each label going on where the one before stopped. */
function dealRecordings<T extends Splittable>(items: readonly T[], folds: number, seed: number): Map<T, number> {
  const decks = new Map<string, T[]>();
  for (const item of items) {
    const deck = decks.get(item.label);
    if (deck) deck.push(item);
    else decks.set(item.label, [item]);
  }
  const byLabel = [...decks].sort(([a], [b]) => (a < b ? -1 : 1));
  const fewest = byLabel.reduce((least, [, deck]) => Math.min(least, deck.length), items.length);
  const rarest = byLabel.find(([, deck]) => deck.length === fewest)?.[0] ?? 'any label';
  checkFolds(folds, fewest, `the number of recordings of ${rarest}`);
  const foldOf = new Map<T, number>();
  for (const [label, deck] of byLabel) {
    for (const item of new RandomStream(seed, 'folds', label).shuffle(deck)) foldOf.set(item, foldOf.size % folds);
  }
  return foldOf;
}

/** The speaker with the most recordings first, each into the fold that has the fewest recordings so far. */
function dealSpeakers<T extends Splittable>(items: readonly T[], folds: number, seed: number): Map<T, number> {
  const speakers = knownSpeakers(items);
  checkFolds(folds, speakers.length, 'the number of speakers');
  const counts = new Map<string, number>();
  for (const speaker of items.map(speakerOf)) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  const shuffled = new RandomStream(seed, 'speaker folds').shuffle(speakers);
  const bySize = shuffled.sort((a, b) => counts.get(b)! - counts.get(a)!);
  const sizes = new Array<number>(folds).fill(0);
  const foldOfSpeaker = new Map<string, number>();
  for (const speaker of bySize) {
    const fold = sizes.indexOf(sizes.reduce((least, size) => Math.min(least, size)));
    sizes[fold]! += counts.get(speaker)!;
    foldOfSpeaker.set(speaker, fold);
  }
  return new Map(items.map((item) => [item, foldOfSpeaker.get(speakerOf(item))!]));
}

function split<T>(items: readonly T[], isTest: (item: T) => boolean): Split<T[]> {
  return { train: items.filter((item) => !isTest(item)), test: items.filter(isTest) };
}

function checkFolds(folds: number, most: number, what: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    throw new RangeError(`Cannot ${CUT}: folds must be a whole number from 2 to ${most}, ${what}, got ${shown(folds)}`);
  }
}

function knownSpeakers(items: readonly Splittable[]): string[] {
  if (items.some(({ speaker }) => speaker === '')) {
    throw new RangeError('Cannot split by speaker: the speaker of every recording must be known, got one without');
  }
  return speakersOf(items);
}

/** In composed Unicode, so that no speaker is two: one to train on and one to test. */
function speakerOf({ speaker }: Splittable): string {
  return speaker.normalize();
}
