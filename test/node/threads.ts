// a test → whether it left worker threads behind

import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect } from 'vitest';

/** Within a describe: each test must have ended all threads that it started. @returns how many a test started */
export function expectNoThreadLeft(): () => number {
  const started: Worker[] = [];
  const note = (worker: Worker) => started.push(worker);
  beforeEach(() => {
    started.length = 0;
    process.on('worker', note);
  });
  afterEach(() => {
    process.off('worker', note);
    expect(started.filter(({ threadId }) => threadId !== -1)).toEqual([]); // -1 is that of a thread that has ended
  });
  return () => started.length;
}
