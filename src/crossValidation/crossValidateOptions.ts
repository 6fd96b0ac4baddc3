// options of crossValidate, and what it tells meanwhile → their types

import type { Evaluation } from '../evaluation/evaluation.ts';
import type { BootstrapOptions } from '../evaluation/speakerBootstrap.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { SpeakerRule } from '../exampleSet/namedFold.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import type { NetworkBuilder } from '../training/networkBuilder.ts';
import type { TrainProgress } from '../training/trainReport.ts';
import type { Teachers, TrainingConfig, TrainingExecutor } from './trainingJob.ts';

/** Options of {@link crossValidate}. */
export interface CrossValidateOptions {
  /** Makes the untrained network for a seed; it is disposed of here. */
  readonly build: NetworkBuilder;
  /** The training configuration, the same for all folds, and not tuned on them. @default the defaults of `train` */
  readonly train?: FoldTrainingConfig | undefined;
  /**
   * Knowledge distillation from an ensemble in each fold: the teachers are trained on the fold's training clips, like the model.
   *
   * @default none
   */
  readonly teachers?: Teachers | undefined;
  /** A whole cross-validation is run for each seed. @default [1] */
  readonly seeds?: readonly number[] | undefined;
  /**
   * Whether folds may test speakers that they train on; `'independent'` refuses such folds.
   *
   * @default 'independent'
   */
  readonly speakers?: SpeakerRule | undefined;
  /** More clips to train on, e.g. songs. With independent speakers, clips of a fold's test speakers are left out of that fold. */
  readonly extra?: ExampleSet | undefined;
  /**
   * Keeps the results of finished folds: a run that was stopped resumes after them, also with other seeds. `build` has to give the
   * same initial weights for the same seed.
   */
  readonly store?: CheckpointStore | undefined;
  /** Options of the confidence intervals. */
  readonly bootstrap?: BootstrapOptions | undefined;
  /**
   * What trains the folds: `trainingWorkers` of `speech-emotion/node` spreads them over threads, to the same results.
   *
   * @default one after the other, here
   */
  readonly executor?: TrainingExecutor | undefined;
  /**
   * Called for each fold, first those from the store, then the others as they are done (in order, unless an executor trains several
   * at a time), and with the progress of `train` meanwhile.
   */
  readonly onProgress?: ((progress: CrossValidateProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `train` for a cross-validation: nothing that chooses by results, nothing of a single run. */
export type FoldTrainingConfig = Omit<TrainingConfig, 'patience' | 'chooseBy' | 'teacher'>;

/** What {@link CrossValidateOptions.onProgress} is called with. */
export type CrossValidateProgress = FoldTrainingProgress | FoldProgress;

/** Progress in the training of a fold. */
export interface FoldTrainingProgress {
  /** What happened. */
  readonly type: 'training';
  /** The seed of the run. */
  readonly seed: number;
  /** The fold that is trained. */
  readonly fold: string;
  /** The progress of `train`. */
  readonly progress: TrainProgress;
}

/** A fold is done. */
export interface FoldProgress {
  /** What happened. */
  readonly type: 'fold';
  /** The seed of the run. */
  readonly seed: number;
  /** The fold. */
  readonly fold: string;
  /** Its result, not yet calibrated, since that takes the other folds. */
  readonly evaluation: Evaluation;
  /** Folds done, over all seeds. */
  readonly done: number;
  /** Folds in all, over all seeds. */
  readonly total: number;
  /** Whether the result came from the store. */
  readonly stored: boolean;
}
