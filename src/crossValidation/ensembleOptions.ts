// options of trainEnsemble, and what it tells meanwhile → their types

import type { CheckpointStore } from '../training/checkpointStore.ts';
import type { NetworkBuilder } from '../training/networkBuilder.ts';
import type { TrainOptions } from '../training/trainOptions.ts';
import type { TrainProgress } from '../training/trainReport.ts';
import type { TrainingConfig, TrainingExecutor } from './trainingJob.ts';

/** Options of {@link trainEnsemble}. */
export interface EnsembleOptions {
  /** Makes the untrained network for a seed. */
  readonly build: NetworkBuilder;
  /** A member is trained with each seed; no two may be the same. */
  readonly seeds: readonly number[];
  /** The training configuration, the same for all. @default the defaults of `train` */
  readonly train?: MemberTrainingConfig | undefined;
  /**
   * What trains the members: `trainingWorkers` of `speech-emotion/node` spreads them over threads, to the same models.
   *
   * @default one after the other, here
   */
  readonly executor?: TrainingExecutor | undefined;
  /**
   * Keeps the members that are done: a run that was stopped resumes after them, also with more seeds. `build` has to give the same
   * initial weights for the same seed.
   */
  readonly store?: CheckpointStore | undefined;
  /** Called for each member, first those from the store, and with the progress of `train` meanwhile. */
  readonly onProgress?: ((progress: EnsembleProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `train` that the members of an ensemble share. */
export type MemberTrainingConfig = TrainingConfig & Pick<TrainOptions, 'validation'>;

/** What {@link EnsembleOptions.onProgress} is called with. */
export type EnsembleProgress = MemberTrainingProgress | MemberProgress;

/** Progress in the training of a member. */
export interface MemberTrainingProgress {
  /** What happened. */
  readonly type: 'training';
  /** The member's seed. */
  readonly seed: number;
  /** The progress of `train`. */
  readonly progress: TrainProgress;
}

/** A member is done. */
export interface MemberProgress {
  /** What happened. */
  readonly type: 'member';
  /** Its seed. */
  readonly seed: number;
  /** Members done. */
  readonly done: number;
  /** Members in all. */
  readonly total: number;
  /** Whether it came from the store. */
  readonly stored: boolean;
}
