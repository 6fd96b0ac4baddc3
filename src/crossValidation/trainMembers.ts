// ExampleSet + seeds → a trained model for each

import { checkOptions } from '../core/check.ts';
import { TrainingError } from '../core/errors.ts';
import { Fingerprint } from '../core/fingerprint.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { faultOf } from '../model/trainedModel.ts';
import { areValuesOf, assignValues } from '../model/weights.ts';
import { buildWith, type NetworkBuilder } from '../training/networkBuilder.ts';
import { resolveTrainOptions } from '../training/resolveTrainOptions.ts';
import { addTraining } from '../training/trainingFingerprint.ts';
import type { TrainReport } from '../training/trainReport.ts';
import { checkTrainings } from './checkTrainings.ts';
import { EnsembleMembers } from './ensembleMembers.ts';
import type { EnsembleOptions } from './ensembleOptions.ts';
import { networkHashes } from './networkHashes.ts';
import { checkAllDone, type TrainedWeights, trainHere } from './trainingJob.ts';

/** What `trainEnsemble` does, with its options. */
export async function trainMembers(data: ExampleSet, options: EnsembleOptions): Promise<TrainReport[]> {
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
