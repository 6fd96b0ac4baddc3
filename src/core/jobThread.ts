// a job's message → what a worker answers

import type { Answer } from './answerJobs.ts';
import { fromPlainError } from './plainError.ts';
import { Port, type PortLike } from './port.ts';

/** How a job ended: what it gave, or what it failed with. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** A worker that does one job at a time: a worker thread of Node, or a Web Worker. It calls `answerJobs`. */
export class JobThread {
  readonly #port: Port<Answer, { readonly job: unknown }>;
  readonly #makeLost: (reason: string, cause?: unknown) => Error;
  /** Rejects once the thread has ended. */
  readonly #lost: Promise<never>;
  #reject!: (error: Error) => void;
  /** Handles what comes of the job in progress. */
  #take: (answer: Answer) => void = () => {};

  /**
   * @param worker just started; it belongs to this from now on
   * @param lost makes the error for a thread that ended before it was told to
   * @throws {TypeError} when `worker` is none
   */
  constructor(worker: PortLike, lost: (reason: string, cause?: unknown) => Error) {
    this.#makeLost = lost;
    this.#lost = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#lost.catch(() => {}); // the end of an idle thread is no error
    this.#port = new Port('work in threads', worker, {
      onMessage: (answer) => this.#take(answer),
      onUnreadable: (cause) => this.#lose("a worker's answer was lost", cause),
      onClosed: (cause) => this.lose(cause),
      onError: (cause) => this.#lose('a worker failed', cause),
    });
  }

  /**
   * Lets the thread do a job.
   *
   * @param onEvent called with its events
   * @throws what `lost` makes, when the thread ends first
   */
  ask<T>(job: unknown, onEvent: (event: unknown) => void): Promise<Outcome<T>> {
    const answered = new Promise<Outcome<T>>((resolve) => {
      this.#take = (answer) => {
        if ('event' in answer) onEvent(answer.event);
        else resolve('error' in answer ? { error: fromPlainError(answer.error) } : { value: answer.value as T });
      };
    });
    this.#port.send({ job });
    return Promise.race([answered, this.#lost]);
  }

  /** To be called where it is known by other means that the thread has ended. */
  lose(cause: unknown): void {
    this.#lose('a worker is gone', cause);
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#port.close();
    this.lose(new Error('it was ended'));
  }

  #lose(what: string, cause: unknown): void {
    this.#reject(this.#makeLost(`${what}: ${(cause as Error | undefined)?.message}`, cause));
  }
}
