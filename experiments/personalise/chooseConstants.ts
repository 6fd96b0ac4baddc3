// folds + the constants of the method → for each fold, those that are best for the speakers of the others

import type { SpeakerConstants } from '../../src/classifier/speakerWeights.ts';
import { uarOf } from './score.ts';
import { type Answer, type HeardFold, testSpeakers } from './speakerTests.ts';
import type { Way } from './ways.ts';

/** What is tried of each constant, one constant after the other. */
const TRIED: { readonly [Name in keyof SpeakerConstants]: readonly number[] } = {
  slopeVariance: [1, 2, 4, 8, 16],
  shiftVariance: [1, 3, 10],
  doubt: [1, 1.5, 2],
  expectedWindows: [2, 6, 18],
  scaling: [0, 0.5, 1],
};
const FIRST: SpeakerConstants = { slopeVariance: 4, shiftVariance: 3, doubt: 1.5, expectedWindows: 6, scaling: 0.5 };

/** The ways whose mean recall is to be as high as can be. */
const COUNTED = ['labelled-1', 'labelled-2', 'labelled-3', 'unlabelled'];

/** Chooses constants by the speakers of some folds. */
export class ConstantsChoice {
  readonly #folds: readonly HeardFold[];
  readonly #ways: readonly Way[];
  readonly #scores = new Map<string, number>();

  constructor(folds: readonly HeardFold[], ways: readonly Way[]) {
    this.#folds = folds;
    this.#ways = ways.filter(({ name }) => COUNTED.includes(name));
  }

  /** The best constants for all folds but one, or for all. */
  best(except?: string): SpeakerConstants {
    let best = FIRST;
    for (const name of Object.keys(TRIED) as (keyof SpeakerConstants)[]) {
      const tried = TRIED[name].map((value) => ({ ...best, [name]: value }));
      const scores = tried.map((constants) => this.#score(constants, except));
      best = tried[scores.indexOf(Math.max(...scores))]!;
    }
    return best;
  }

  #score(constants: SpeakerConstants, except: string | undefined): number {
    const counted = this.#folds.filter(({ fold }) => fold !== except);
    return counted.reduce((sum, fold) => sum + this.#scoreOf(fold, constants) / counted.length, 0);
  }

  #scoreOf(fold: HeardFold, constants: SpeakerConstants): number {
    const key = JSON.stringify([fold.seed, fold.fold, constants]);
    const known = this.#scores.get(key);
    if (known !== undefined) return known;
    const uars = this.#ways.map(({ enrolling }) => {
      const answers = enrolling.flatMap((one): Answer[] => testSpeakers(fold, one, constants, 0));
      return uarOf(answers);
    });
    const score = uars.reduce((a, b) => a + b, 0) / uars.length;
    this.#scores.set(key, score);
    return score;
  }
}
