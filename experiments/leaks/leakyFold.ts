// a fold as it should be + a way to leak → the fold as public code has it

import { type ExampleSet, mergeExamples, selectExamples } from 'speech-emotion';
import { Normalizer } from 'speech-emotion/features';
import { RandomStream } from 'speech-emotion/layers';
import { originalName } from '../corpus/changedClips.ts';
import { TWIN } from './copies.ts';
import type { LeakWay } from './leaksFile.ts';

/** A fold's clips as features. */
export interface ExampleFold {
  readonly name: string;
  readonly train: ExampleSet;
  readonly test: ExampleSet;
}

/** What is trained on, and the normaliser where it is not that of the training clips. */
export interface LeakyFold extends ExampleFold {
  readonly normalizer: Normalizer | undefined;
}

/** The switches: which copies of the test clips are trained on, and whether the normaliser knows them. */
const SWITCHES: Readonly<Record<LeakWay, { readonly copies: readonly string[]; readonly normalised: boolean }>> = {
  honest: { copies: [], normalised: false },
  normalised: { copies: [], normalised: true },
  altered: { copies: ['noise-20db', 'faster'], normalised: false },
  twice: { copies: [TWIN], normalised: false },
  video: { copies: ['mp3'], normalised: false },
  together: { copies: ['noise-20db', 'faster', TWIN, 'mp3'], normalised: true },
};

/** How likely a random split in ten parts puts a copy of a tested clip into training. */
const SHARE = 0.9;

/**
 * Adds what leaks, and that alone: copies of training clips, which are no leak, stay out, so that all else is as in the honest fold.
 *
 * @param copies of the test clips, of this fold and others, by {@link leakingCopies}
 * @param seed by which nine in ten copies of the test clips are drawn
 */
export function leakyFold(fold: ExampleFold, way: LeakWay, copies: ExampleSet, seed: number): LeakyFold {
  const { name, train, test } = fold;
  const switches = SWITCHES[way];
  const tested = new Set(test.examples.map((clip) => clip.name));
  const leaking = selectExamples(copies, (copy) => {
    const isOne = tested.has(originalName(copy)) && switches.copies.includes(copy.name.split('#').at(-1)!);
    return isOne && new RandomStream(seed, 'leaks', name, copy.name).next() < SHARE;
  });
  const training = leaking.examples.length > 0 ? mergeExamples(train, leaking) : train;
  const all = [...training.examples, ...test.examples].map(({ variants }) => variants[0]!);
  return { ...{ name, train: training, test }, normalizer: switches.normalised ? Normalizer.fit(all) : undefined };
}
