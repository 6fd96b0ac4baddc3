// number of threads → an executor that computes features in worker threads

import { availableParallelism } from 'node:os';
import { checkInteger, checkNothingElse, checkOptions } from '../core/check.ts';
import type { FeatureExecutor } from '../exampleSet/clipFeatures.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { FeatureMessage, FeatureWorkerData } from './featureWorker.ts';
import { moduleUrl } from './moduleUrl.ts';
import { runInWorkers } from './runInWorkers.ts';

/** Options of {@link featureWorkers}. */
export interface FeatureWorkersOptions {
  /** Threads at most; never more than there are recordings. @default as many as the machine runs at a time */
  readonly workers?: number | undefined;
  /**
   * A file's URL or path, best `new URL('./setup.js', import.meta.url)`: a module that each thread imports first. What
   * `registerFeatures` and `registerDecoder` have added is known to a thread only where such a module adds it there, too. Under tsx it
   * may be TypeScript.
   * @default none
   */
  readonly setup?: string | URL | undefined;
}

/**
 * Computes features in worker threads, for `prepareExamples`, whose result, errors and progress stay the same.
 *
 * Recordings are read in this thread and decoded, resampled and transformed in the others: of a recording of your own class `bytes` is
 * called and `channel` taken, and `waveform` is not called. The threads start with the work and end with it, however it ends; a signal
 * ends them at once.
 *
 * @returns an executor. It rejects with an `Error` where a thread ended early
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
 *
 * @example
 * ```ts
 * const examples = await prepareExamples(dataset, { speeds: [0.88, 0.94, 1.06, 1.12], executor: featureWorkers() });
 * ```
 */
export function featureWorkers(options: FeatureWorkersOptions = {}): FeatureExecutor {
  const { workers = availableParallelism(), setup, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkInteger(ACTION, 'workers', workers, 1, 1024);
  const url = setup === undefined ? undefined : moduleUrl(ACTION, 'setup', setup);
  return (recordings, { extractor, speeds, copies, onOutcome, signal }) =>
    runInWorkers<FeatureMatrix[]>(recordings.length, {
      entry: new URL('./featureWorker.js', import.meta.url),
      workers,
      workerData: { features: extractor.options, speeds, copies, setup: url } satisfies FeatureWorkerData,
      async prepare(i): Promise<FeatureMessage> {
        const { name, channel } = recordings[i]!;
        // A copy, since a view would be sent with its whole buffer.
        return { name, channel, bytes: new Uint8Array(await recordings[i]!.bytes()) };
      },
      onOutcome,
      lost: (reason, cause) => new Error(`Cannot go on preparing examples: ${reason}`, { cause }),
      signal,
    });
}

const ACTION = 'prepare examples in workers';
