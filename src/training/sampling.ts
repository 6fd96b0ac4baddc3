// examples + how evenly corpora and labels are sampled → the clips that an epoch draws

import { checkNothingElse, checkNumber, checkObject, checkOptions, type Resolved, shown } from '../core/check.ts';
import type { RandomStream } from '../core/random.ts';
import type { Example } from '../exampleSet/exampleSet.ts';

/**
 * How evenly an epoch draws from corpora, and within each from its labels. It draws as many clips as there are, those of a corpus and
 * label as evenly as it can: none for the third time before each was drawn twice.
 *
 * A temperature T draws in proportion to n^(1/T) of n clips: 1 as many as there are, 2 by their square root, `'even'` the same number of
 * each.
 *
 * @see Arivazhagan et al. 2019, "Massively multilingual neural machine translation in the wild", https://arxiv.org/abs/1907.05019,
 *   section 4 (temperature-based sampling)
 */
export interface SamplingOptions {
  /** Temperature of the corpora, at least 1. @default 'even' */
  readonly corpora?: number | 'even' | undefined;
  /** Temperature of the labels within a corpus, at least 1. @default 'even' */
  readonly labels?: number | 'even' | undefined;
  /**
   * The share of all draws that a corpus gets whatever its size, in (0, 1], e.g. `{ RAVDESS: 1 / 3 }`; the others share what is left, if
   * anything is.
   *
   * @default none
   */
  readonly shares?: Readonly<Record<string, number>> | undefined;
}

/** A draw of an epoch. */
export interface Draw {
  /** Of the clip among the examples. */
  readonly index: number;
  /** How often the epoch drew it before. */
  readonly times: number;
}

const ACTION = 'train';

/** What the sum of shares may be off by. */
const ROUNDING = 1e-6;

/**
 * Fills in the defaults.
 *
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown, or shares are more than 1
 *   together, or less where they are of all corpora, or name one that has no clips
 */
export function resolveSampling(examples: readonly Example[], sampling: SamplingOptions): Resolved<SamplingOptions> {
  const { corpora = 'even', labels = 'even', shares = {}, ...rest } = checkOptions(ACTION, sampling, 'sampling');
  checkNothingElse(ACTION, rest, 'sampling');
  const known = new Set(examples.map(({ corpus }) => corpus ?? ''));
  const given = Object.entries(checkObject(ACTION, 'sampling.shares', shares)).filter(
    ([, share]) => share !== undefined,
  );
  for (const [corpus, share] of given) {
    checkNumber(ACTION, `sampling.shares.${corpus}`, share, 1e-6, 1);
    if (known.has(corpus)) continue;
    const names = [...known].filter(Boolean).join(', ') || 'none';
    throw new RangeError(`Cannot ${ACTION}: sampling.shares must name corpora of the clips, ${names}, got '${corpus}'`);
  }
  const sum = given.reduce((total, [, share]) => total + share, 0);
  const isAll = given.length === known.size;
  if (sum > 1 + ROUNDING || (isAll && sum < 1 - ROUNDING)) {
    const rule = isAll ? '1 together, since they are of all corpora' : 'at most 1 together';
    throw new RangeError(`Cannot ${ACTION}: sampling.shares must be ${rule}, got ${shown(shares)}`);
  }
  return {
    corpora: checkTemperature('corpora', corpora),
    labels: checkTemperature('labels', labels),
    shares: Object.fromEntries(given),
  };
}

function checkTemperature(name: string, temperature: number | 'even'): number | 'even' {
  return temperature === 'even' ? temperature : checkNumber(ACTION, `sampling.${name}`, temperature, 1, 1e6);
}

/** Clips of one corpus and label, and how many of an epoch's draws they get on average. */
export interface SampledGroup {
  readonly label: number;
  /** Indices among the examples. */
  readonly clips: readonly number[];
  readonly draws: number;
}

/** The groups of a set that are drawn, by corpus and label in the order in which they come; the draws of all are as many as there are clips. */
export function sampledGroups(
  examples: readonly Example[],
  { corpora, labels, shares }: Resolved<SamplingOptions>,
): SampledGroup[] {
  const ofCorpus = new Map<string, Map<number, number[]>>();
  for (const [index, { corpus = '', label }] of examples.entries()) {
    const ofLabel = ofCorpus.get(corpus) ?? new Map<number, number[]>();
    ofCorpus.set(corpus, ofLabel);
    const clips = ofLabel.get(label) ?? [];
    ofLabel.set(label, clips);
    clips.push(index);
  }
  const rest = 1 - Object.values(shares).reduce((sum, share) => sum + share, 0);
  const left = rest < ROUNDING ? 0 : rest;
  const others = [...ofCorpus].filter(([corpus]) => !(corpus in shares));
  const sizes = others.map(([, ofLabel]) => [...ofLabel.values()].reduce((sum, clips) => sum + clips.length, 0));
  const ofOthers = new Map(others.map(([corpus], i) => [corpus, left * proportions(sizes, corpora)[i]!]));
  const groups = [...ofCorpus].flatMap(([corpus, ofLabel]) => {
    const share = shares[corpus] ?? ofOthers.get(corpus)!;
    const parts = proportions(
      [...ofLabel.values()].map(({ length }) => length),
      labels,
    );
    return [...ofLabel].map(([label, clips], i) => ({ label, clips, draws: examples.length * share * parts[i]! }));
  });
  return groups.filter(({ draws }) => draws > 0);
}

/** n^(1/T) of each, divided by their sum. */
function proportions(counts: readonly number[], temperature: number | 'even'): number[] {
  const powers = counts.map((count) => (temperature === 'even' ? 1 : count ** (1 / temperature)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * Draws an epoch, in random order.
 *
 * @param groups whose draws add up to a whole number; what is a fraction of a draw is drawn in some epochs (systematic sampling)
 */
export function drawEpoch(groups: readonly SampledGroup[], stream: RandomStream): Draw[] {
  const start = stream.fork('start').next();
  const draws: Draw[] = [];
  let before = 0;
  for (const [i, { clips, draws: expected }] of groups.entries()) {
    const isLast = i === groups.length - 1;
    // The sum is whole but for rounding.
    const after = isLast ? Math.round(before + expected) : before + expected;
    const count = isLast ? after - draws.length : Math.floor(after + start) - Math.floor(before + start);
    const order = stream.fork('clips', i).shuffle([...clips]);
    for (let n = 0; n < count; n++)
      draws.push({ index: order[n % order.length]!, times: Math.floor(n / order.length) });
    before = after;
  }
  return stream.fork('order').shuffle(draws);
}
