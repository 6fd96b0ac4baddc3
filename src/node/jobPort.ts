// jobs from the main thread → their answers, in a worker

import { parentPort } from 'node:worker_threads';
import { type PlainError, toPlainError } from '../core/plainError.ts';

/** What a worker sends: what happens during its job, any number of times, then how the job ended. */
export type Answer = { readonly event: unknown } | { readonly value: unknown } | { readonly error: PlainError };

/**
 * Answers the jobs that `runInWorkers` sends, one at a time.
 *
 * @param handle does a job; what it returns, throws or tells is sent back
 */
export function answerJobs<Job>(handle: (job: Job, tell: (event: unknown) => void) => Promise<unknown>): void {
  const send = (answer: Answer) => parentPort!.postMessage(answer);
  parentPort!.on('message', async (job: Job) => {
    try {
      send({ value: await handle(job, (event) => send({ event })) });
    } catch (error) {
      send({ error: toPlainError(error) });
    }
  });
}
