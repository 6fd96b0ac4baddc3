// a module's URL → a worker thread that runs it

import { Worker } from 'node:worker_threads';

/** Threads get the process's own switches, except for those of a program on the command line, which do not work with files. */
const EXEC_ARGV = process.execArgv.some((text) => text.startsWith('--input-type')) ? { execArgv: [] } : {};

/**
 * Starts a worker thread.
 *
 * @param entry the module that it runs
 * @param workerData what it is started with
 */
export function startWorker(entry: URL, workerData: unknown): Worker {
  return new Worker(entry, { workerData, ...EXEC_ARGV });
}
