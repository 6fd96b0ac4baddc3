// trainings, as messages → their results: the module that the threads of `trainingWorkers` run

import { parentPort, workerData } from 'node:worker_threads';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { answerJobs } from '../core/answerJobs.ts';
import { TrainingError } from '../core/errors.ts';
import { textHash } from '../core/fingerprint.ts';
import { runTrainingJob, type TrainingJob } from '../crossValidation/trainingJob.ts';
import type { Example } from '../exampleSet/exampleSet.ts';
import { type SetInPlaces, setAt } from '../exampleSet/sharedExamples.ts';
import { networkText } from '../model/networkHash.ts';
import { fileCheckpoint } from './fileCheckpoint.ts';
import { importModule } from './importModule.ts';

/** What a thread is started with. */
export interface TrainingWorkerData {
  /** URL of the module that exports `build`. */
  readonly module: string;
  /** The second argument of `build`. */
  readonly parameters: unknown;
  /** All examples of all jobs, in shared memory. */
  readonly examples: readonly Example[];
}

/** A {@link TrainingJob} as it is sent. */
export interface TrainingMessage extends Pick<TrainingJob, 'seed' | 'config' | 'teachers' | 'keepModel'> {
  /** Hash of the network that the caller's `build` makes. */
  readonly networkHash: string;
  /** File of the training's checkpoint, if it has one. */
  readonly checkpoint: string | undefined;
  readonly training: SetInPlaces;
  readonly validation: SetInPlaces | undefined;
  readonly test: SetInPlaces | undefined;
}

const { module, parameters, examples } = workerData as TrainingWorkerData;

answerJobs(
  parentPort!,
  async ({ networkHash, checkpoint, training, validation, test, ...rest }: TrainingMessage, tell) => {
    const buildNetwork = await loadBuild();
    const build = async (seed: number) => {
      const network = await buildNetwork(seed, parameters);
      if (seed !== rest.seed || textHash(networkText(network)) === networkHash) return network;
      network.dispose();
      throw new TrainingError(`Cannot train in workers: ${module} builds another network than the caller's \`build\``);
    };
    const sets = {
      training: setAt(training, examples),
      validation: validation && setAt(validation, examples),
      test: test && setAt(test, examples),
    };
    return runTrainingJob({ ...rest, ...sets }, build, {
      ...(checkpoint !== undefined && { checkpoint: { store: fileCheckpoint(checkpoint) } }),
      onProgress: tell,
    });
  },
);

let loaded: Promise<unknown> | undefined;

async function loadBuild(): Promise<(seed: number, parameters: unknown) => LayersModel | Promise<LayersModel>> {
  loaded ??= importModule(module);
  const { build } = (await loaded) as { readonly build?: unknown };
  if (typeof build !== 'function') {
    throw new TypeError(`Cannot train in workers: ${module} must export a function build, got ${typeof build}`);
  }
  return build as Awaited<ReturnType<typeof loadBuild>>;
}
