// module that builds a network → an executor that trains in worker threads

import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { checkInteger, checkNothingElse, checkOptions, shown } from '../core/check.ts';
import { TrainingError } from '../core/errors.ts';
import { textHash } from '../core/fingerprint.ts';
import type { TrainingExecutor, TrainingJob, TrainingResult } from '../crossValidation/trainingJob.ts';
import { type SetInPlaces, SharedExamples } from '../exampleSet/sharedExamples.ts';
import { networkText } from '../model/networkHash.ts';
import { buildWith } from '../training/networkBuilder.ts';
import type { TrainProgress } from '../training/trainReport.ts';
import { moduleUrl } from './moduleUrl.ts';
import { runInWorkers } from './runInWorkers.ts';
import type { TrainingMessage, TrainingWorkerData } from './trainingWorker.ts';

/** Options of {@link trainingWorkers}. */
export interface TrainingWorkersOptions {
  /** Threads at most; never more than there are trainings. @default as many as the machine runs at a time */
  readonly workers?: number | undefined;
  /** The second argument of the module's `build`: plain data, such as the name of a backend. @default undefined */
  readonly parameters?: unknown;
  /**
   * A folder where each training keeps a checkpoint after each epoch, so that one that is cut off, at any moment, goes on from there when
   * it is asked for again. The checkpoint is deleted once the result has been taken. Teachers start anew.
   * @default trainings begin anew
   */
  readonly checkpoints?: string | undefined;
}

/**
 * Trains in worker threads, each with a TensorFlow.js engine of its own: for `crossValidate` and `trainEnsemble`, whose
 * results stay the same, bit for bit on the `cpu` and `wasm` backends.
 *
 * A function cannot be sent to a thread, so the network comes from a module. It exports `build(seed, parameters)`, which gives (or
 * promises) the same untrained network as the caller's `build`, and it registers and sets the backend, when it is imported or in
 * `build`. Under tsx it may be TypeScript. The examples lie in shared memory once for all threads. The threads start with the work and
 * end with it, however it ends; a signal ends them at once.
 *
 * @param module URL or path of the module, best `new URL('./network.js', import.meta.url)`
 * @returns an executor. It rejects with the class and message that a training has failed with in its thread, with a
 *   {@link TrainingError} where a thread ended early or the module builds another network, and with a `TypeError` where it
 *   exports no `build`
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown, or `module` is none
 *
 * @example
 * ```ts
 * // network.js: import '@tensorflow/tfjs-backend-wasm'; await setBackend('wasm');
 * //             export const build = (seed) => buildCnnLstm({ seed });
 * const executor = trainingWorkers(new URL('./network.js', import.meta.url));
 * const result = await crossValidate(examples, dataset.folds('actors5'), { build, executor });
 * ```
 */
export function trainingWorkers(module: string | URL, options: TrainingWorkersOptions = {}): TrainingExecutor {
  const { workers = availableParallelism(), parameters, checkpoints: given, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkInteger(ACTION, 'workers', workers, 1, 1024);
  if (given !== undefined && (typeof given !== 'string' || given === '')) {
    throw new TypeError(`Cannot ${ACTION}: checkpoints must be the path of a folder, got ${shown(given)}`);
  }
  const folder = given && resolve(given); // now, so that a later `process.chdir` does not move it
  const url = moduleUrl(ACTION, 'module', module);

  return async (jobs, { build, onProgress, onResult, signal }) => {
    const shared = new SharedExamples(jobs.flatMap(setsOf));
    const hashOf = async (seed: number) => {
      const network = await buildWith(ACTION, build, seed);
      const hash = textHash(networkText(network));
      network.dispose();
      return hash;
    };
    const checkpoints = new Map<number, string | undefined>();
    await runInWorkers<TrainingResult>(jobs.length, {
      entry: new URL('./trainingWorker.js', import.meta.url), // beside this file in the built package
      workers,
      workerData: { module: url, parameters, examples: shared.examples } satisfies TrainingWorkerData,
      async prepare(i) {
        const message = messageOf(jobs[i]!, shared, await hashOf(jobs[i]!.seed), folder);
        checkpoints.set(i, message.checkpoint);
        return message;
      },
      onEvent: (job, event) => onProgress(job, event as TrainProgress),
      async onOutcome(i, outcome) {
        if ('error' in outcome) throw outcome.error;
        await onResult(i, outcome.value);
        const checkpoint = checkpoints.get(i);
        if (checkpoint !== undefined) await rm(checkpoint, { force: true });
      },
      lost: (reason, cause) => new TrainingError(`Cannot go on training: ${reason}`, { cause }),
      signal,
    });
  };
}

const ACTION = 'train in workers';

function setsOf({ training, validation, test }: TrainingJob) {
  return [training, validation, test].filter((set) => set !== undefined);
}

/** The file of a job's checkpoint, which no other job has. */
function checkpointOf({ seed, config, teachers, training, validation }: TrainingJob, hash: string, folder: string) {
  const names = [training, validation].map((set) => set?.examples.map(({ name }) => name));
  return join(folder, `${textHash(JSON.stringify([hash, seed, config, teachers, names]))}.checkpoint`);
}

function messageOf(
  job: TrainingJob,
  shared: SharedExamples,
  networkHash: string,
  folder: string | undefined,
): TrainingMessage {
  const { seed, config, teachers, keepModel, training, validation, test } = job;
  const places = (set: typeof test): SetInPlaces | undefined => set && shared.placesOf(set);
  return {
    ...{ seed, config, teachers, keepModel, networkHash },
    checkpoint: folder && checkpointOf(job, networkHash, folder),
    training: shared.placesOf(training),
    validation: places(validation),
    test: places(test),
  };
}
