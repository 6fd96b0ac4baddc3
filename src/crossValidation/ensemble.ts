// one training configuration + several seeds → an ensemble of trained models

import { checkOptions } from '../core/check.ts';
import { TrainingError } from '../core/errors.ts';
import { Fingerprint } from '../core/fingerprint.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { faultOf } from '../model/trainedModel.ts';
import { areValuesOf, assignValues } from '../model/weights.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import { buildWith, type NetworkBuilder } from '../training/networkBuilder.ts';
import { resolveTrainOptions } from '../training/resolveTrainOptions.ts';
import { addTraining } from '../training/trainingFingerprint.ts';
import type { TrainOptions } from '../training/trainOptions.ts';
import type { TrainProgress, TrainReport } from '../training/trainReport.ts';
import { checkTrainings } from './checkTrainings.ts';
import { EnsembleMembers } from './ensembleMembers.ts';
import { networkHashes } from './networkHashes.ts';
import {
  checkAllDone,
  type TrainedWeights,
  type TrainingConfig,
  type TrainingExecutor,
  trainHere,
} from './trainingJob.ts';

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
  const {
    build,
    seeds,
    train: config = {},
    executor = trainHere,
    store,
    onProgress,
    signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkTrainings(ACTION, { build, seeds, config, executor, store }, rest);
  const resolved = resolveTrainOptions(data, config);
  const fingerprint = store && addTraining(new Fingerprint(), resolved, data, config).addJson(config.dataset);
  const members = await EnsembleMembers.load(
    store,
    String(fingerprint),
    { data, options: resolved, given: config },
    signal,
  );
  const hashes = store && (await networkHashes(ACTION, build, seeds));
  const hashOf = (seed: number) => hashes?.get(seed) ?? '';
  const memberOf = (seed: number) => members.get(seed, hashOf(seed));

  let done = 0;
  const tell = (seed: number, stored: boolean) => {
    done++;
    onProgress?.({ type: 'member', seed, done, total: seeds.length, stored });
  };
  const pending = seeds.filter((seed) => !memberOf(seed));
  for (const seed of seeds) if (memberOf(seed)) tell(seed, true);
  signal?.throwIfAborted();
  const { validation, ...shared } = config;
  const jobs = pending.map((seed) => ({ seed, training: data, validation, config: shared, keepModel: true }));
  await executor(jobs, {
    build,
    signal,
    onProgress: (job, progress) => onProgress?.({ type: 'training', seed: pending[job]!, progress }),
    async onResult(job, { model }) {
      const seed = pending[job]!;
      await members.add(seed, hashOf(seed), model!);
      tell(seed, false);
    },
  });
  checkAllDone(ACTION, done, seeds.length);
  return reportsOf(seeds, memberOf, build);
}

const ACTION = 'train an ensemble';

/** Builds the networks and gives them the members' weights. */
async function reportsOf(
  seeds: readonly number[],
  memberOf: (seed: number) => TrainedWeights | undefined,
  build: NetworkBuilder,
): Promise<TrainReport[]> {
  const reports: TrainReport[] = [];
  try {
    for (const seed of seeds) {
      const { weights, settings, ...report } = memberOf(seed)!;
      const network = await buildWith(ACTION, build, seed);
      const model = { network, settings };
      reports.push({ ...report, model });
      const fault = faultOf(model);
      if (fault) throw new TrainingError(`Cannot ${ACTION}: the member of seed ${seed} cannot be used, ${fault}`);
      if (!areValuesOf(network.weights, weights)) {
        throw new TrainingError(`Cannot ${ACTION}: the member of seed ${seed} has weights of another network`);
      }
      assignValues(network.weights, weights);
    }
    return reports;
  } catch (error) {
    for (const { model } of reports) model.network.dispose();
    throw error;
  }
}
