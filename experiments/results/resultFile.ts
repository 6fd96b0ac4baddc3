// what `npm run evaluate` writes and the pages of results are made of: all probabilities of all test clips

import type { TrainingConfig } from '../training/trainingConfig.ts';

/** Results of a protocol, in docs/results/PROTOCOL.json. The ensemble is the mean over the seeds. */
export interface ResultFile {
  /** Name of the protocol, a key of `PROTOCOLS`. */
  readonly protocol: string;
  /** The protocol in words. */
  readonly description: string;
  /** Revision of the code that trained, except for runs that name their own. */
  readonly commit: string;
  /** Chosen beforehand, and the same for all runs. */
  readonly config: TrainingConfig;
  /** The checks against leaks before and after training, in words. */
  readonly checks: readonly string[];
  /** In the order of the probabilities. */
  readonly labels: readonly string[];
  /**
   * The index of the true label by the clip's file name, where the name does not give it: permuted labels.
   */
  readonly truth?: Readonly<Record<string, number>> | undefined;
  /** By the clip's file name, what it tells of RAVDESS and does not of other corpora. */
  readonly clips?: Readonly<Record<string, ClipFacts>> | undefined;
  /** One per seed and fold. */
  readonly runs: readonly ResultRun[];
}

/** What is known of a clip. */
export interface ClipFacts {
  /** The index of the true label. */
  readonly label: number;
  readonly speaker: string;
  readonly sex?: string | undefined;
}

/** One training, and the model's predictions for the test clips of the fold. */
export interface ResultRun {
  readonly seed: number;
  /** Name of the fold, e.g. `actors5/0`. */
  readonly fold: string;
  /** Revision of the code that trained, where it differs from the file's. */
  readonly commit?: string;
  /** The backend that trained, where it is not wasm: the weights differ in their last digits. */
  readonly backend?: string;
  /** Duration of the training. */
  readonly seconds: number;
  /** By the clip's file name, e.g. `03-01-05-01-01-01-01.wav`: the probabilities of the last epoch, not calibrated. */
  readonly testClips: Readonly<Record<string, readonly number[]>>;
}

/** The same models on the same clips, perturbed: docs/results/robustness.json. */
export interface RobustnessFile extends Omit<ResultFile, 'runs'> {
  readonly conditions: readonly RobustnessCondition[];
}

export interface RobustnessCondition {
  /** E.g. `noise-20db`; `clean` is no change at all. */
  readonly name: string;
  /** What was done to the clips, in words. */
  readonly description: string;
  readonly runs: readonly {
    readonly seed: number;
    readonly fold: string;
    /** The index of the predicted label, one digit per clip, in the order of the clips' file names. */
    readonly recognised: string;
  }[];
}

/** The same configuration with fewer training actors, on the same test clips: docs/results/learning-curve.json. */
export interface LearningCurveFile extends Omit<ResultFile, 'runs'> {
  readonly points: readonly {
    /** Training actors of each fold. */
    readonly actors: number;
    /** One per seed and fold. */
    readonly runs: readonly ResultRun[];
  }[];
}

/** The surveyed systems under one protocol: docs/results/systems.json. */
export interface SystemsFile
  extends Pick<ResultFile, 'protocol' | 'description' | 'commit'>,
    Omit<TrainingConfig, 'network' | 'teachers'> {
  readonly seeds: readonly number[];
  readonly systems: readonly ComparedSystem[];
}

/** One system; scores are means over the seeds. */
export interface ComparedSystem {
  /** A key of `presets`, or of the conventional classifiers. */
  readonly name: string;
  /** `network`, or the settings of a conventional classifier. */
  readonly description: string;
  /** Trained weights of a network. */
  readonly parameters?: number;
  /** Sum over all folds and seeds, even if they ran in parallel. */
  readonly trainSeconds: number;
  readonly uar: number;
  readonly war: number;
  /** 95 % interval of the UAR, by bootstrap over actors. */
  readonly interval: readonly [number, number];
  readonly folds: readonly {
    readonly seed: number;
    readonly fold: string;
    readonly uar: number;
    readonly war: number;
  }[];
}
