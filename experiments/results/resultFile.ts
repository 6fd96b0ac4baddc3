// what `npm run evaluate` writes and the pages of results are made of: every probability of every tested clip

import type { Recipe } from '../training/trainingConfig.ts';

/** Results of a protocol, in docs/results/PROTOCOL.json. The ensemble is the mean over the seeds. */
export interface ResultFile {
  /** Name of the protocol, a key of `PROTOCOLS`. */
  readonly protocol: string;
  /** The protocol in words. */
  readonly says: string;
  /** Revision of the code that trained, but for runs that name their own. */
  readonly commit: string;
  /** Settled before, and the same for all runs. */
  readonly recipe: Recipe;
  /** What was checked before and after training so that nothing leaks, in words, one a check. */
  readonly checks: readonly string[];
  /** What the probabilities are of, in their order. */
  readonly labels: readonly string[];
  /**
   * Where it is not what the files' names say, as with labels that were dealt out anew: by the clip's file name, the place among the
   * labels of what counts as right.
   */
  readonly truth?: Readonly<Record<string, number>> | undefined;
  /** One a seed and fold. */
  readonly runs: readonly ResultRun[];
}

/** One training and what the model says about the clips that the fold tests. */
export interface ResultRun {
  readonly seed: number;
  /** Name of the fold, e.g. `actors5/0`. */
  readonly fold: string;
  /** Revision of the code that trained, where it is not the file's: runs of a file can be from different days. */
  readonly commit?: string;
  /** What trained, where it is not wasm: the weights differ in their last digits. */
  readonly backend?: string;
  /** Duration of the training. */
  readonly seconds: number;
  /** By the clip's file name, e.g. `03-01-05-01-01-01-01.wav`: the probabilities of the last epoch, not calibrated. */
  readonly testClips: Readonly<Record<string, readonly number[]>>;
}

/** How the same models do on the same clips, made worse: docs/results/robustness.json. */
export interface RobustnessFile extends Omit<ResultFile, 'runs'> {
  readonly conditions: readonly RobustnessCondition[];
}

export interface RobustnessCondition {
  /** E.g. `noise-20db`; `clean` is no change at all. */
  readonly name: string;
  /** What was done to the clips, in words. */
  readonly says: string;
  readonly runs: readonly {
    readonly seed: number;
    readonly fold: string;
    /** The place among the labels of what is recognised, a digit a clip, in the order of the clips' file names. */
    readonly recognised: string;
  }[];
}

/** How well the recipe does with fewer training actors, on the same test clips: docs/results/learning-curve.json. */
export interface LearningCurveFile extends Omit<ResultFile, 'runs'> {
  readonly points: readonly {
    /** How many actors each fold trained on. */
    readonly actors: number;
    /** One a seed and fold. */
    readonly runs: readonly ResultRun[];
  }[];
}

/** How the surveyed systems do under one protocol: docs/results/systems.json. */
export interface SystemsFile
  extends Pick<ResultFile, 'protocol' | 'says' | 'commit'>,
    Omit<Recipe, 'network' | 'teachers'> {
  readonly seeds: readonly number[];
  readonly systems: readonly ComparedSystem[];
}

/** One system; figures are means over the seeds. */
export interface ComparedSystem {
  /** A key of `presets`, or of the conventional classifiers. */
  readonly name: string;
  /** What it is, where it is no preset. */
  readonly says: string;
  /** Weights of a network that are learnt. */
  readonly parameters?: number;
  /** Of all folds and seeds together; where folds ran side by side, each counts in full. */
  readonly trainSeconds: number;
  readonly uar: number;
  readonly war: number;
  /** Of the UAR, 95 %, by bootstrap over actors. */
  readonly interval: readonly [number, number];
  readonly folds: readonly {
    readonly seed: number;
    readonly fold: string;
    readonly uar: number;
    readonly war: number;
  }[];
}
