// jobs from the thread that started this one → their answers

import { type PlainError, toPlainError } from './plainError.ts';
import { Port, type PortLike } from './port.ts';

/** What a worker sends: any number of events during its job, then how the job ended. */
export type Answer = { readonly event: unknown } | { readonly value: unknown } | { readonly error: PlainError };

/**
 * Answers the jobs that a `JobThread` sends, one at a time.
 *
 * @param port the channel to it: in Node `parentPort` of `node:worker_threads`, in a Web Worker the global scope
 * @param handle does a job; its result, its error and the events that it tells are sent back
 * @throws {TypeError} when `port` is no channel to another thread
 */
export function answerJobs<Job>(
  port: PortLike,
  handle: (job: Job, tell: (event: unknown) => void) => Promise<unknown>,
): void {
  const send = (answer: Answer) => channel.send(answer);
  const channel = new Port<{ readonly job: Job }, Answer>('answer from a thread', port, {
    async onMessage({ job }) {
      try {
        send({ value: await handle(job, (event) => send({ event })) });
      } catch (error) {
        send({ error: toPlainError(error) });
      }
    },
    onUnreadable: (error) => send({ error: toPlainError(error) }),
    onClosed: () => {}, // whoever started this thread ends it
  });
}
