// a rule for what is said about a clip → files of results as `npm run evaluate` would write them

import type { ResultFile, ResultRun } from '../../experiments/results/resultFile.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { RAVDESS_FOLDS } from '../../src/dataset/ravdessFolds.ts';
import { parseRavdessName } from '../../src/dataset/ravdessName.ts';
import { ravdessNames } from './fakeRavdess.ts';

/** What is known of a clip. */
export interface MadeUpClip {
  readonly seed: number;
  readonly fold: string;
  readonly actor: number;
  /** The place of the truth among the labels. */
  readonly label: number;
  readonly name: string;
}

/** Names without folders, of the actors that a fold tests, or of all. */
export function clipNames(actors?: readonly number[]): string[] {
  return ravdessNames('speech', actors).map((path) => path.slice('Actor_00/'.length));
}

/** Clips by fold: those of a published protocol, or ten that each hold every tenth clip. */
const FOLDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  si5: Object.fromEntries(RAVDESS_FOLDS.actors5.map((actors, i) => [`actors5/${i}`, clipNames(actors)])),
  si6: Object.fromEntries(RAVDESS_FOLDS.actors6.map((actors, i) => [`actors6/${i}`, clipNames(actors)])),
  sd10: Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`recording10/${i}`, clipNames().filter((_, clip) => clip % 10 === i)]),
  ),
};

/** All folds of each seed. */
export function madeUpRuns(
  protocol: string,
  seeds: readonly number[],
  say: (clip: MadeUpClip) => readonly number[],
): ResultRun[] {
  return seeds.flatMap((seed) =>
    Object.entries(FOLDS[protocol]!).map(([fold, names]) => ({
      ...{ seed, fold, seconds: 60 },
      testClips: Object.fromEntries(
        names.map((name) => {
          const { actor, emotion } = parseRavdessName(name);
          return [name, say({ seed, fold, actor, name, label: EMOTIONS.indexOf(emotion) })];
        }),
      ),
    })),
  );
}

/** All of a file but what is in it. */
export const HEAD = {
  protocol: 'si5',
  description: 'five folds of actors',
  commit: 'abc1234',
  config: { features: {}, speeds: [0.9], songs: true, network: {}, training: { epochs: 1 } },
  checks: ['no actor is on both sides'],
  labels: EMOTIONS,
} as const satisfies Omit<ResultFile, 'runs'>;

/** A file of results. */
export function madeUpResults(
  protocol: string,
  seeds: readonly number[],
  say: (clip: MadeUpClip) => readonly number[],
): ResultFile {
  return { ...HEAD, protocol, runs: madeUpRuns(protocol, seeds, say) };
}

/** All on one label, or the most on it and the rest on another. */
export function sayLabel(label: number, probability = 1, other = (label + 1) % EMOTIONS.length): number[] {
  return EMOTIONS.map((_, i) => (i === label ? probability : i === other ? 1 - probability : 0));
}

/** What is recognised for sure, a digit a clip, in the order of the clips' names: a run of a robustness file. */
export function recognisedIn({ seed, fold, testClips }: ResultRun) {
  const names = Object.keys(testClips).sort();
  return { seed, fold, recognised: names.map((name) => testClips[name]!.indexOf(1)).join('') };
}
