// jobs from the main thread → their answers, in a worker

import { parentPort } from 'node:worker_threads';
import { type PlainError, toPlainError } from '../core/plainError.ts';

/** Marks answers, since other code in the worker may send messages, too. */
const MARK = 'speech-emotion job';

/** What a worker sends: any number of events during its job, then how the job ended. */
export type Answer = { readonly mark: typeof MARK } & (
  | { readonly event: unknown }
  | { readonly value: unknown }
  | { readonly error: PlainError }
);

/** Whether a message is an answer. */
export function isAnswer(message: unknown): message is Answer {
  return typeof message === 'object' && message !== null && (message as Partial<Answer>).mark === MARK;
}

/**
 * Answers the jobs that `runInWorkers` sends, one at a time.
 *
 * @param handle does a job; its result, its error and the events that it tells are sent back
 */
export function answerJobs<Job>(handle: (job: Job, tell: (event: unknown) => void) => Promise<unknown>): void {
  const send = (answer: { event: unknown } | { value: unknown } | { error: PlainError }) =>
    parentPort!.postMessage({ mark: MARK, ...answer } satisfies Answer);
  parentPort!.on('message', async (job: Job) => {
    try {
      send({ value: await handle(job, (event) => send({ event })) });
    } catch (error) {
      send({ error: toPlainError(error) });
    }
  });
}
