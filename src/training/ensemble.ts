// one recipe, several seeds → several trained models, which together are surer than one

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkNothingElse } from '../core/check.ts';
import type { CheckpointStore } from './checkpoint.ts';
import { EnsembleMembers } from './ensembleMembers.ts';
import type { ExampleSet } from './examples.ts';
import { fingerprintOf } from './fingerprint.ts';
import { resolveTrainOptions } from './resolveTrainOptions.ts';
import { type JobRecipe, type TrainedWeights, type TrainingExecutor, trainHere } from './trainingJob.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainProgress, TrainReport } from './trainReport.ts';
import { assignValues } from './weights.ts';

/** Options of {@link trainEnsemble}. */
export interface EnsembleOptions {
  /** Makes the untrained network for a seed. */
  readonly build: (seed: number) => LayersModel;
  /** A member is trained with each; no two may be the same. */
  readonly seeds: readonly number[];
  /** The recipe, the same for all. @default the defaults of `train` */
  readonly train?: MemberRecipe | undefined;
  /**
   * Who trains the members: `trainingWorkers` of `speech-emotion/node` spreads them over threads, to the same models.
   *
   * @default one after the other, here
   */
  readonly executor?: TrainingExecutor | undefined;
  /** Keeps the members that are done: a run that was stopped goes on after them, also with more seeds at the end. */
  readonly store?: CheckpointStore | undefined;
  /** Called for each member, those that the store holds first, and for what `train` tells meanwhile. */
  readonly onProgress?: ((progress: EnsembleProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `train` that the members of an ensemble share. */
export type MemberRecipe = JobRecipe & Pick<TrainOptions, 'validation'>;

/** What {@link trainEnsemble} tells while it runs. */
export type EnsembleProgress = MemberTrainingProgress | MemberProgress;

/** The training of a member goes on. */
export interface MemberTrainingProgress {
  /** What happened. */
  readonly type: 'training';
  /** The member's seed. */
  readonly seed: number;
  /** What `train` tells. */
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
 * Trains the same recipe with several seeds on the same examples.
 *
 * What the models say, averaged (`averagePredictions`), is mostly better than what one of them says, and a good `teacher`
 * for one that is to be shipped.
 *
 * @returns a report a seed, in their order; the models' networks are the caller's to dispose
 * @throws {RangeError} when there are no seeds or one comes twice
 * @throws {TrainingError} when the store holds something else than this ensemble's members, or training fails
 * @throws the signal's reason when it aborts
 * @throws what `train` throws
 *
 * @example
 * ```ts
 * const reports = await trainEnsemble(examples, { build: (seed) => buildCnnLstm({ seed }), seeds: [1, 2, 3] });
 * const said = await Promise.all(reports.map(({ model }) => predictExamples(model, examples)));
 * const probabilities = new Map(averagePredictions(said).map((clip) => [clip.name, clip.probabilities]));
 * const { model } = await train(buildCnnLstm({ seed: 4 }), examples, { teacher: { probabilities } });
 * ```
 */
export async function trainEnsemble(data: ExampleSet, options: EnsembleOptions): Promise<TrainReport[]> {
  const { build, seeds, train: recipe = {}, executor = trainHere, store, onProgress, signal, ...rest } = options;
  checkNothingElse('train an ensemble', rest);
  if (seeds.length === 0) throw new RangeError('Cannot train an ensemble: there must be seeds, got none');
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined) {
    throw new RangeError(`Cannot train an ensemble: seeds must be different, got ${twice} twice`);
  }
  const members = await EnsembleMembers.load(store, store ? ensembleFingerprint(data, recipe, build(seeds[0]!)) : '');

  let done = 0;
  const tell = (seed: number, stored: boolean) =>
    onProgress?.({ type: 'member', seed, done: ++done, total: seeds.length, stored });
  const pending = seeds.filter((seed) => !members.get(seed));
  for (const seed of seeds) if (members.get(seed)) tell(seed, true);
  signal?.throwIfAborted();
  const { validation, ...shared } = recipe;
  const jobs = pending.map((seed) => ({ seed, training: data, validation, recipe: shared, keepModel: true }));
  await executor(jobs, {
    build,
    signal,
    onProgress: (job, progress) => onProgress?.({ type: 'training', seed: pending[job]!, progress }),
    async onResult(job, { model }) {
      await members.add(pending[job]!, model!);
      tell(pending[job]!, false);
    },
  });
  return reportsOf(seeds, members, build);
}

/** Builds the networks and gives them the members' weights. */
function reportsOf(
  seeds: readonly number[],
  members: EnsembleMembers,
  build: (seed: number) => LayersModel,
): TrainReport[] {
  const networks: LayersModel[] = [];
  try {
    return seeds.map((seed) => {
      const { weights, settings, ...report } = members.get(seed) as TrainedWeights;
      const network = build(seed);
      networks.push(network);
      assignValues(network.weights, weights);
      return { ...report, model: { network, settings } };
    });
  } catch (error) {
    for (const network of networks) network.dispose();
    throw error;
  }
}

/** Of all but the seeds, of which there may be more the next time; the network is disposed. */
function ensembleFingerprint(data: ExampleSet, recipe: MemberRecipe, network: LayersModel): string {
  try {
    return fingerprintOf(network, resolveTrainOptions(data, recipe), data, recipe);
  } finally {
    network.dispose();
  }
}
