// recordings → scored by the threads of this process, from a ledger that knows what is left

import { setTimeout as wait } from 'node:timers/promises';
import { LedgerError } from './database.ts';
import { doJob, type Job, TRIES, WAIT_SECONDS, type Workplace } from './jobs.ts';

interface Attempt {
  readonly job: Job;
  readonly tries: number;
}

/**
 * Scores recordings. The ledger is the queue: a process that was ended at any moment goes on where it was.
 *
 * @param sources recordings that are not scored yet, taken as there is room
 * @throws {LedgerError} when the ledger cannot be written
 * @throws the signal's reason
 */
export async function scoreHere(place: Workplace, sources: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const queue = new LocalQueue(place, sources[Symbol.asyncIterator](), signal);
  const stop = () => void place.threads.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    // One more than there are threads, so that none waits for the ledger.
    await Promise.all(Array.from({ length: place.threads.size + 1 }, () => queue.work()));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}

class LocalQueue {
  readonly #place: Workplace;
  readonly #sources: AsyncIterator<string>;
  readonly #signal: AbortSignal;
  /** Pieces, and what is tried again: before other recordings are looked at. */
  readonly #ready: Attempt[] = [];
  /** Jobs that are being done, or wait to be done again: others may follow from them. */
  #open = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #taking: Promise<unknown> = Promise.resolve();
  #wakers: (() => void)[] = [];

  constructor(place: Workplace, sources: AsyncIterator<string>, signal: AbortSignal) {
    this.#place = place;
    this.#sources = sources;
    this.#signal = signal;
  }

  /** Does jobs until there are none. */
  async work(): Promise<void> {
    try {
      for (let attempt = await this.#take(); attempt; attempt = await this.#take()) await this.#do(attempt);
    } catch (error) {
      this.#failure ??= { error };
      this.#wake();
      throw error;
    }
  }

  async #take(): Promise<Attempt | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      this.#signal.throwIfAborted();
      const ready = this.#ready.shift() ?? (await this.#takeSource());
      if (ready) {
        this.#open++;
        return ready;
      }
      if (this.#ready.length > 0) continue;
      if (this.#open === 0) return undefined;
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  /** The next recording; one after the other takes it. */
  #takeSource(): Promise<Attempt | undefined> {
    const taken = this.#taking.then(async () => {
      if (this.#ended) return undefined;
      const { done, value } = await this.#sources.next();
      if (!done) return { job: { source: value }, tries: 0 };
      this.#ended = true;
      this.#wake();
      return undefined;
    });
    this.#taking = taken.catch(() => {});
    return taken;
  }

  async #do({ job, tries }: Attempt): Promise<void> {
    try {
      const following = await doJob(this.#place, job);
      this.#ready.push(...following.map((next) => ({ job: next, tries: 0 })));
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof LedgerError) throw error;
      if (tries + 1 >= TRIES) await this.#place.ledger.fail(this.#place.run, failureOf(job, error));
      else return void this.#again({ job, tries: tries + 1 });
    }
    this.#open--;
    this.#wake();
  }

  async #again(attempt: Attempt): Promise<void> {
    await wait(1000 * WAIT_SECONDS * 2 ** (attempt.tries - 1), undefined, { signal: this.#signal }).catch(() => {});
    this.#ready.push(attempt);
    this.#open--;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }
}

/** What the ledger is told of a job that failed for the last time. */
export function failureOf({ source }: Job, error: unknown): { source: string; reason: string; fault: false } {
  return { source, reason: (error as Error).message, fault: false };
}
