// options that cross-validations and ensembles share → checked

import { checkFunction, checkNothingElse, checkObject } from '../core/check.ts';
import { type CheckpointStore, checkStore } from '../training/checkpointStore.ts';
import type { NetworkBuilder } from '../training/networkBuilder.ts';
import { checkSeeds } from './checkSeeds.ts';
import type { TrainingConfig, TrainingExecutor } from './trainingJob.ts';

/** Options that cross-validations and ensembles share. */
export interface Trainings {
  readonly build: NetworkBuilder;
  readonly seeds: readonly number[];
  readonly config: TrainingConfig;
  readonly executor: TrainingExecutor;
  readonly store: CheckpointStore | undefined;
}

/**
 * Checks the options that cross-validations and ensembles share. What the training configuration must be beyond this, `train` says.
 *
 * @param rest options that are left, of which there must be none
 * @throws {RangeError | TypeError} naming the option at fault
 */
export function checkTrainings(
  action: string,
  { build, seeds, config, executor, store }: Trainings,
  rest: object,
): void {
  checkNothingElse(action, rest);
  checkFunction(action, 'build', build);
  checkFunction(action, 'executor', executor);
  checkSeeds(action, 'seeds', seeds);
  checkConfig(action, config);
  if (store !== undefined) checkStore(action, 'store', store);
}

/** Options of `train` that each of several trainings has its own of. */
const OF_A_SINGLE_RUN = ['seed', 'checkpoint', 'threads', 'onProgress', 'signal'] as const;

function checkConfig(action: string, config: object): void {
  checkObject(action, 'train', config);
  const wrong = OF_A_SINGLE_RUN.find((option) => option in config);
  if (wrong === undefined) return;
  throw new TypeError(`Cannot ${action}: train must not hold ${wrong}, which is of a single training`);
}
