// jobs → their results, by threads that each have an engine of their own
//
// The caller's thread is free meanwhile: it renews the locks of jobs and writes the ledger.

import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../startThread.ts';
import type { ThreadAnswer, ThreadTask } from './scoreThread.ts';
import type { PieceResult, Plan, RunSettings } from './work.ts';

/** A recording that cannot be scored, now or ever. */
export class ScoringError extends Error {
  override readonly name = 'ScoringError';
  /** Whether the recording is at fault: another try would end alike. */
  readonly fault: boolean;

  constructor(message: string, fault: boolean) {
    super(message);
    this.fault = fault;
  }
}

interface Waiting {
  readonly task: ThreadTask;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Threads that score. */
export class Threads {
  readonly size: number;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #stopped: Error | undefined;

  constructor(size: number) {
    this.size = size;
  }

  /** A hash of a model's settings and weights, and its labels. */
  describe(model: string | undefined): Promise<Pick<RunSettings, 'fingerprint' | 'labels'>> {
    return this.#ask({ kind: 'describe', model }) as Promise<Pick<RunSettings, 'fingerprint' | 'labels'>>;
  }

  /** @throws {ScoringError} */
  plan(settings: RunSettings, source: string): Promise<Plan> {
    return this.#ask({ kind: 'plan', settings, source }) as Promise<Plan>;
  }

  /** @throws {ScoringError} */
  score(settings: RunSettings, source: string, plan: Plan, piece: number): Promise<PieceResult> {
    return this.#ask({ kind: 'score', settings, source, plan, piece }) as Promise<PieceResult>;
  }

  /** Ends all threads; what they were at is thrown away. */
  async stop(): Promise<void> {
    this.#stopped = new Error('Cannot score: it was stopped');
    for (const { reject } of [...this.#waiting.splice(0), ...this.#busy.values()]) reject(this.#stopped);
    this.#busy.clear();
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
  }

  #ask(task: ThreadTask): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(this.#stopped);
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const thread = this.#idle.pop() ?? (this.#all.size < this.size ? this.#start() : undefined);
    if (!thread) return;
    const waiting = this.#waiting.shift()!;
    this.#busy.set(thread, waiting);
    thread.postMessage(waiting.task);
  }

  #start(): Worker {
    const thread = startThread(entry());
    this.#all.add(thread);
    thread.on('message', (answer: ThreadAnswer) => {
      const { resolve, reject } = this.#busy.get(thread) ?? {};
      this.#busy.delete(thread);
      this.#idle.push(thread);
      if ('error' in answer) reject?.(new ScoringError(answer.error.message, answer.error.fault));
      else resolve?.(answer.result);
      this.#next();
    });
    let cause: unknown;
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => {
      this.#all.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      const reason = cause instanceof Error ? cause.message : 'it ended';
      this.#busy.get(thread)?.reject(new ScoringError(`Cannot score: a thread was lost: ${reason}`, false));
      this.#busy.delete(thread);
      this.#next();
    });
    return thread;
  }
}

/** Beside this file in the built program. */
function entry(): URL {
  const built = new URL('./scoreThread.js', import.meta.url);
  return existsSync(built) ? built : new URL('../../dist/scoreThread.js', import.meta.url);
}
