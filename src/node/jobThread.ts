// a job's message → what a worker thread answers

import { Worker } from 'node:worker_threads';
import { fromPlainError } from '../core/plainError.ts';
import { isAnswer } from './jobPort.ts';

/** How a job ended: what it gave, or what it failed with. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Threads get the process's own switches, except for those of a program on the command line, which do not work with files. */
const EXEC_ARGV = process.execArgv.some((text) => text.startsWith('--input-type')) ? { execArgv: [] } : {};

/** A worker thread that does one job at a time. */
export class JobThread {
  readonly #worker: Worker;
  /** Rejects once the thread has ended. */
  readonly #lost: Promise<never>;

  /**
   * @param entry the module that the thread runs
   * @param workerData what it is started with
   * @param lost makes the error for a thread that ended before it was told to
   */
  constructor(entry: URL, workerData: unknown, lost: (reason: string, cause?: unknown) => Error) {
    this.#worker = new Worker(entry, { workerData, ...EXEC_ARGV });
    this.#lost = new Promise((_, reject) => {
      this.#worker.once('error', (cause) => reject(lost(`a worker failed: ${(cause as Error)?.message}`, cause)));
      this.#worker.once('messageerror', (cause) => reject(lost(`a worker's answer was lost: ${cause.message}`, cause)));
      this.#worker.once('exit', (code) => reject(lost(`a worker ended, with exit code ${code}`)));
    });
    this.#lost.catch(() => {}); // the end of an idle thread is no error
  }

  /**
   * Lets the thread do a job.
   *
   * @param onEvent called with its events
   * @throws what `lost` makes, when the thread ends first
   */
  ask<T>(job: unknown, onEvent: (event: unknown) => void): Promise<Outcome<T>> {
    const answered = new Promise<Outcome<T>>((resolve) => {
      const listen = (answer: unknown) => {
        if (!isAnswer(answer)) return; // of other code in the thread
        if ('event' in answer) return onEvent(answer.event);
        this.#worker.off('message', listen);
        resolve('error' in answer ? { error: fromPlainError(answer.error) } : { value: answer.value as T });
      };
      this.#worker.on('message', listen);
    });
    this.#worker.postMessage(job);
    return Promise.race([answered, this.#lost]);
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
