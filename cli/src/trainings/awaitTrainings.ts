// stored trainings → asked for over a queue, and their progress and results as they come
//
// The store knows what is over: a queue that has lost everything is filled again.

import { setTimeout as wait } from 'node:timers/promises';
import type { JobsOptions, Queue } from 'bullmq';
import type { TrainingRun } from 'speech-emotion';
import { errorOf } from './fault.ts';
import { type QueuedTraining, TRIES } from './queuedTraining.ts';
import type { StoredTraining, TrainingStore } from './trainingStore.ts';

/** Where trainings are asked for. */
export interface Counter {
  readonly queue: Queue<QueuedTraining>;
  readonly store: TrainingStore;
  readonly onTrouble: (error: Error) => void;
}

interface Awaited {
  readonly training: StoredTraining;
  readonly hash: string;
  /** Bytes of its progress that have been read. */
  read: number;
}

/** Milliseconds between looks at how far trainings are, and until a server that does not answer is left. */
const LOOK = 1000;
const LEAVE = 5000;

const OPTIONS: JobsOptions = {
  attempts: TRIES,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
};

/**
 * Waits until all trainings are over, and takes their results. However it ends, what is not over is withdrawn.
 *
 * @throws what a training has failed with
 */
export async function awaitTrainings(
  counter: Counter,
  trainings: readonly StoredTraining[],
  run: TrainingRun,
): Promise<void> {
  const { signal } = run;
  const open = new Map<number, Awaited>();
  try {
    for (const [i, training] of trainings.entries()) {
      open.set(i, { training, hash: await counter.store.begin(training), read: 0 });
    }
    for (;;) {
      for (const [i, awaited] of open) {
        signal?.throwIfAborted();
        if (await isOver(counter, awaited, run, i)) open.delete(i);
      }
      if (open.size === 0) return;
      await wait(LOOK, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    }
  } finally {
    await inTime(withdraw(counter.queue, [...open.values()]), counter.onTrouble);
  }
}

/** Looks whether a training is over, and takes its result. One that nobody knows of is asked for. */
async function isOver(
  { queue, store, onTrouble }: Counter,
  awaited: Awaited,
  { onProgress, onResult }: TrainingRun,
  i: number,
): Promise<boolean> {
  const { training, hash } = awaited;
  const isQueued = await queue.getJob(hash).then(Boolean, onTrouble);
  const outcome = isQueued === false ? await store.outcome(hash) : undefined;
  const { progress, end } = await store.told(hash, awaited.read);
  awaited.read = end;
  for (const one of progress) onProgress(i, one);
  if (outcome) {
    if ('fault' in outcome) {
      await store.forgetOutcome(hash);
      throw errorOf(outcome.fault);
    }
    await onResult(i, outcome.result);
    await store.forget(hash);
    return true;
  }
  if (isQueued === false) {
    await store.begin(training); // it may have been taken by another run of the same, and forgotten
    await queue.add('training', { training: hash }, { ...OPTIONS, jobId: hash }).catch(onTrouble);
  }
  return false;
}

/** Takes trainings back; a worker that is at one sees that nobody waits for it. */
async function withdraw(queue: Queue<QueuedTraining>, awaited: readonly Awaited[]): Promise<void> {
  for (const { hash } of awaited) {
    const job = await queue.getJob(hash);
    await job?.remove().catch(() => job.updateData({ training: hash, isUnwanted: true }).catch(() => {})); // over by now
  }
}

/** Does not wait for a server that does not answer. */
export async function inTime(asking: Promise<unknown>, onTrouble: (error: Error) => void): Promise<void> {
  const controller = new AbortController();
  const late = wait(LEAVE, undefined, { signal: controller.signal }).catch(() => {});
  await Promise.race([asking.catch(onTrouble), late]);
  controller.abort();
}
