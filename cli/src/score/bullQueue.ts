// recordings and their pieces → jobs of BullMQ, on Redis or PostgreSQL, and workers that do them
//
// A recording is a job; its pieces are jobs that it waits for. Both are small: a name, and where in the file the piece is. Sound never
// enters the queue. What is done, and what came of it, is in the ledger: a queue that has lost everything is filled again from there.

import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job as BullJob, JobsOptions, Queue } from 'bullmq';
import { despiteRestarts } from '../queue/restarts.ts';
import { closeWhenAborted, openQueue as openQueueOf, openWorker, type QueueWorkerOptions } from '../queue/server.ts';
import { doJob, type Job, TRIES, WAIT_SECONDS, type Workplace } from './jobs.ts';
import type { Ledger, RunStatus } from './ledger.ts';
import { failureOf } from './localQueue.ts';
import { left } from './sources.ts';

/** What a job of the queue holds. */
interface QueuedJob extends Job {
  readonly run: string;
  /** How often its pieces have been asked for. */
  readonly rounds?: number | undefined;
}

/** The queue's name on the server. */
const NAME = 'speech-emotion';
/** Recordings that wait in the queue; more are taken in when these are fewer. */
const MOST_WAITING = 5000;
/** How often the pieces of a recording may be asked for. */
const MOST_ROUNDS = 5;
/** Milliseconds between looks at how far it is. */
const LOOK = 1000;

const OPTIONS: JobsOptions = {
  attempts: TRIES,
  backoff: { type: 'exponential', delay: 1000 * WAIT_SECONDS },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
};

/** A queue on a server. */
export type RemoteQueue = Queue<QueuedJob>;

/** As `openQueue` of any jobs. */
export function openQueue(address: string, onError: (error: Error) => void): Promise<RemoteQueue> {
  return openQueueOf<QueuedJob>(address, NAME, onError);
}

/** Puts recordings into the queue, as there is room; one that is there already is not put in again. */
export async function enqueue(
  queue: RemoteQueue,
  run: string,
  pages: AsyncIterable<readonly string[]>,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of pages) {
    signal.throwIfAborted();
    const jobs = page.map((source) => ({
      name: 'recording',
      data: { run, source } satisfies QueuedJob,
      opts: { ...OPTIONS, jobId: idOf(run, source) },
    }));
    await despiteRestarts(() => queue.addBulk(jobs));
    while ((await despiteRestarts(() => queue.getWaitingCount())) > MOST_WAITING)
      await wait(LOOK, undefined, { signal });
  }
}

/**
 * Waits until all recordings of a run are done, or have failed.
 *
 * @param onStatus is told how far it is, once a second
 */
export async function runIsOver(
  queue: RemoteQueue,
  ledger: Ledger,
  run: string,
  onStatus: (status: RunStatus) => void,
  onTrouble: (error: Error) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let idle = 0; ; ) {
    try {
      const status = await ledger.status(run);
      onStatus(status);
      if (status.recordings.waiting + status.recordings.begun === 0) return;
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'waiting-children');
      idle = Object.values(counts).some((count) => count > 0) ? 0 : idle + 1;
      // A server that has lost what it had, or a ledger that could not be told: the ledger knows what is missing.
      if (idle > 2) await enqueue(queue, run, left(ledger, run), signal);
    } catch (error) {
      signal.throwIfAborted();
      onTrouble(error as Error); // the server may be away for a while
    }
    await wait(LOOK, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** What a worker needs to know. */
export interface WorkerSettings extends QueueWorkerOptions {
  readonly queue: string;
  /** Where the jobs of a run are done. */
  readonly placeOf: (run: string) => Promise<Workplace>;
}

/** Does jobs until the signal aborts; those that have been begun are ended first. */
export async function workUntil(settings: WorkerSettings, signal: AbortSignal): Promise<void> {
  const { queue: address, concurrency, lockSeconds, placeOf, onError } = settings;
  const { WaitingChildrenError } = await import('bullmq');
  const queue = await openQueue(address, onError);
  const work = async (job: BullJob<QueuedJob>, token?: string): Promise<void> => {
    const { run, source, piece, rounds = 0 } = job.data;
    const place = await placeOf(run);
    if (piece) {
      // What cannot be cut after all is scored whole, at once.
      for (const next of await doJob(place, { source, piece })) await doJob(place, next);
      return;
    }
    if (!(await place.ledger.isUnfinished(run, source))) return;
    if (rounds >= MOST_ROUNDS) {
      const reason = `Cannot score ${source}: its pieces were lost again and again`;
      return place.ledger.fail(run, { source, reason, fault: false });
    }
    const pieces = await doJob(place, { source });
    if (pieces.length === 0) return;
    await job.updateData({ run, source, rounds: rounds + 1 });
    const parent = { id: job.id!, queue: job.queueQualifiedName };
    await queue.addBulk(
      pieces.map((one) => ({
        name: 'piece',
        data: { ...one, run } satisfies QueuedJob,
        // Last in, first out: pieces before other recordings, so that the queue stays short.
        opts: {
          ...{ ...OPTIONS, parent, lifo: true, ignoreDependencyOnFailure: true },
          jobId: idOf(run, source, `${one.piece!.index}`),
        },
      })),
    );
    if (await job.moveToWaitingChildren(token!)) throw new WaitingChildrenError();
  };
  const worker = await openWorker<QueuedJob>(address, NAME, work, { concurrency, lockSeconds, onError });
  worker.on('failed', (job, error) => {
    if (!job || job.attemptsMade < (job.opts.attempts ?? 1)) return;
    const { run } = job.data;
    // Where the ledger cannot be told, the recording is asked for again.
    void placeOf(run)
      .then(({ ledger }) => ledger.fail(run, failureOf(job.data, error)))
      .catch(onError);
  });
  await closeWhenAborted({ worker, queue }, signal);
}

/** The id of a job, which no other one has. */
function idOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
