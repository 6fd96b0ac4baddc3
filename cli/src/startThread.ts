// a program → a thread that runs it, with room for sound

import { setFlagsFromString } from 'node:v8';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Megabytes that a thread may hold before its garbage is looked for everywhere. */
const ROOM = 256;

/**
 * Starts a thread. Sound passes through it in large arrays, which V8 counts: from the small heap that it begins with, it would go through
 * all of a thread's memory for each ten seconds of sound, on other cores, which took a sixth of all computing.
 */
export function startThread(entry: URL, options?: WorkerOptions): Worker {
  setFlagsFromString(`--initial-old-space-size=${ROOM}`); // of threads that are started from now on
  return new Worker(entry, options);
}
