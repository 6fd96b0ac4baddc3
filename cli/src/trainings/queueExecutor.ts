// trainings → trained by the workers of a queue, on any machine

import type { NetworkBuilder, TrainingExecutor, TrainingJob } from 'speech-emotion';
import settings from '../../package.json' with { type: 'json' };
import { isQueue, openQueue } from '../queue/server.ts';
import { awaitTrainings, inTime } from './awaitTrainings.ts';
import { layersText } from './layersText.ts';
import { PackedSets } from './packedSets.ts';
import { NAME, type QueuedTraining } from './queuedTraining.ts';
import { type StoredTraining, TrainingStore } from './trainingStore.ts';

/** Options of {@link queueExecutor}. */
export interface QueueExecutorOptions {
  /** The second argument of the workers' `build`: plain data, such as the name of a backend. @default undefined */
  readonly parameters?: unknown;
  /** Told of a server that cannot be reached for a while; it is asked again. @default nobody is */
  readonly onTrouble?: ((error: Error) => void) | undefined;
}

/**
 * Trains on any number of machines, for `crossValidate` and `trainEnsemble`, whose results stay the same: bit for bit where the machines
 * have the same backend and kind of processor. A training whose worker is lost goes on from its last checkpoint with another one.
 *
 * Workers are started by `speech-emotion training-worker --queue … --store … --network network.js`. Their module exports
 * `build(seed, parameters)`, as for `trainingWorkers` of `speech-emotion/node`: it gives (or promises) the same untrained network as the
 * caller's `build`, and sets the backend. Neither code nor data enter the queue: features, checkpoints, progress and weights are files of
 * the store, which are deleted once a result has been taken, but for the features. Progress of batches is not told. When the work is
 * stopped, so are its trainings; the next run of the same goes on from their checkpoints, and takes what was finished meanwhile.
 *
 * @param queue address of a Redis (`redis://…`) or a PostgreSQL (`postgres://…`)
 * @param store a folder that the caller and all workers see, as over NFS
 * @returns an executor. It rejects with the class and message that a training has failed with, and with a `TrainingError` where its
 *   workers were lost again and again
 * @throws {RangeError | TypeError} when an argument is none of these, or an option is of the wrong type or unknown
 *
 * @example
 * ```ts
 * const executor = queueExecutor('redis://queue:6379', '/mnt/trainings');
 * const result = await crossValidate(examples, dataset.folds('actors5'), { build, executor });
 * ```
 */
export function queueExecutor(queue: string, store: string, options: QueueExecutorOptions = {}): TrainingExecutor {
  const { parameters, onTrouble = () => {} } = checked(queue, store, options);
  const trainings = new TrainingStore(store);
  return async (jobs, run) => {
    if (jobs.length === 0) return;
    run.signal?.throwIfAborted();
    const stored = await asStored(trainings, jobs, run.build, parameters);
    const remote = await openQueue<QueuedTraining>(queue, NAME, onTrouble);
    try {
      await awaitTrainings({ queue: remote, store: trainings, onTrouble }, stored, run);
    } finally {
      await inTime(remote.close(), onTrouble);
    }
  };
}

const ACTION = 'train over a queue';

function checked(queue: string, store: string, options: QueueExecutorOptions): QueueExecutorOptions {
  if (typeof queue !== 'string' || !isQueue(queue)) {
    throw new RangeError(`Cannot ${ACTION}: queue must be redis://… or postgres://…, got ${queue}`);
  }
  if (typeof store !== 'string' || store === '') {
    throw new TypeError(`Cannot ${ACTION}: store must be the path of a folder, got ${store}`);
  }
  const { parameters, onTrouble, ...rest } = options;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new TypeError(`Cannot ${ACTION}: there is no option ${unknown}`);
  if (onTrouble !== undefined && typeof onTrouble !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: onTrouble must be a function, got ${typeof onTrouble}`);
  }
  return { parameters, onTrouble };
}

/** Writes the examples of all trainings, each once. */
async function asStored(
  store: TrainingStore,
  jobs: readonly TrainingJob[],
  build: NetworkBuilder,
  parameters: unknown,
): Promise<StoredTraining[]> {
  const setsOf = ({ training, validation, test }: TrainingJob) => [training, validation, test];
  const packed = new PackedSets(jobs.flatMap(setsOf).filter((set) => set !== undefined));
  const parts: string[] = [];
  for (const part of packed.parts) parts.push(await store.keepPart(part));
  const all: StoredTraining[] = [];
  for (const { seed, config, teachers, keepModel, training, validation, test } of jobs) {
    const network = await build(seed);
    const layers = layersText(network);
    network.dispose();
    all.push({
      ...{ version: settings.version, layers, parameters, parts, seed, config, teachers, keepModel },
      training: packed.placesOf(training),
      validation: validation && packed.placesOf(validation),
      test: test && packed.placesOf(test),
    });
  }
  return all;
}
