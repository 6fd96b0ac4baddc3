// jobs → their results, from worker threads that each do one at a time

import { onAbort } from '../core/abortable.ts';
import { JobThread, type Outcome } from '../core/jobThread.ts';
import { startWorker } from './startWorker.ts';

/** How {@link runInWorkers} runs. */
export interface WorkerRun<T> {
  /** The module that each thread runs; it calls `answerJobs`. */
  readonly entry: URL;
  /** Threads at most. */
  readonly workers: number;
  /** What each thread is started with. */
  readonly workerData: unknown;
  /** Makes the message of a job, shortly before it is due; an error here is the outcome of the job. */
  readonly prepare: (job: number) => unknown;
  /** Called with the events of a job. */
  readonly onEvent?: ((job: number, event: unknown) => void) | undefined;
  /** Called with the outcome of each job, in any order, one at a time. What it throws ends the run. */
  readonly onOutcome: (job: number, outcome: Outcome<T>) => void | Promise<void>;
  /** Makes the error for a thread that ended before it was told to. */
  readonly lost: (reason: string, cause?: unknown) => Error;
  /** Ends the threads: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Does jobs in worker threads that are started for them; when the promise settles, either way, the threads have ended.
 *
 * @param jobs how many; they are numbered from 0
 * @throws the signal's reason, what `lost` makes, or what `onEvent` or `onOutcome` throws: the first of these
 */
export async function runInWorkers<T>(jobs: number, run: WorkerRun<T>): Promise<void> {
  const { entry, workers, workerData, onEvent, onOutcome, lost, signal } = run;
  signal?.throwIfAborted();
  const threads: JobThread[] = [];
  const prepared = new Map<number, Promise<Outcome<unknown>>>();
  const prepare = (job: number) => {
    const message = prepared.get(job) ?? outcomeOf(async () => run.prepare(job));
    prepared.set(job, message);
    return message;
  };
  let next = 0;
  let over = false;
  let told = Promise.resolve();
  let fail: (reason: unknown) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });

  const work = async (thread: JobThread) => {
    while (next < jobs && !over) {
      const job = next++;
      const message = prepare(job);
      if (next < jobs) void prepare(next); // so that no thread waits for a file to be read
      const ready = await message;
      prepared.delete(job);
      const listen = (event: unknown) => {
        try {
          if (!over) onEvent?.(job, event);
        } catch (error) {
          fail(error);
        }
      };
      const outcome = 'error' in ready ? ready : await thread.ask<T>(ready.value, listen);
      told = told.then(() => onOutcome(job, outcome));
      told.catch(fail);
    }
  };

  const end = onAbort(signal, (reason) => fail(reason));
  try {
    while (threads.length < Math.min(workers, jobs)) {
      threads.push(new JobThread(startWorker(entry, workerData), lost));
    }
    await Promise.race([Promise.all(threads.map(work)).then(() => told), failed]);
  } finally {
    over = true;
    end();
    await Promise.all(threads.map((thread) => thread.terminate()));
    await told.catch(() => {}); // a result that is being stored is stored completely
  }
}

async function outcomeOf<T>(make: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await make() };
  } catch (error) {
    return { error };
  }
}
