// one training configuration + several seeds → an ensemble of trained models

import { TrainingError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import type { NetworkBuilder } from '../training/networkBuilder.ts';
import type { TrainOptions } from '../training/trainOptions.ts';
import type { TrainProgress, TrainReport } from '../training/trainReport.ts';
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

/**
 * Trains the same training configuration with several seeds on the same examples.
 *
 * Their averaged predictions (`averagePredictions`) are usually better than those of one model, and a good `teacher` for distillation
 * into a single model.
 *
 * @returns a report a seed, in their order; the models' networks are the caller's to dispose
 * @throws {RangeError | TypeError} when there are no seeds or one comes twice, `build` gives no network, or an option is wrong
 * @throws {TrainingError} when the store is damaged or holds something else than this ensemble's members, or training fails
 * @throws the signal's reason when it aborts
 * @throws what `train` throws
 *
 * @example
 * ```ts
 * const reports = await trainEnsemble(examples, { build: (seed) => buildCnnLstm({ seed }), seeds: [1, 2, 3] });
 * const predictions = await Promise.all(reports.map(({ model }) => predictExamples(model, examples)));
 * const probabilities = new Map(averagePredictions(predictions).map((clip) => [clip.name, clip.probabilities]));
 * const { model } = await train(buildCnnLstm({ seed: 4 }), examples, { teacher: { probabilities } });
 * ```
 */
export async function trainEnsemble(data: ExampleSet, options: EnsembleOptions): Promise<TrainReport[]> {
  const { trainMembers } = await loadPart(
    import('./trainMembers.ts'),
    (reason, cause) => new TrainingError(`Cannot train an ensemble: what trains is ${reason}`, { cause }),
  );
  return trainMembers(data, options);
}
