// number of threads, what starts a Web Worker → threads that take the steps of a training together, without TensorFlow.js

import { checkFunction, checkInteger, typeName } from '../core/check.ts';
import { startedThread } from '../training/threads/startedThread.ts';
import type { TrainingThread, TrainingThreads } from '../training/threads/trainingThreads.ts';
import { type LockMessage, onRelease } from './workerLock.ts';

/**
 * Web Workers for one training, for the option `threads` of `train` and `adapt`, on pages that are cross-origin isolated.
 *
 * Each worker has a TensorFlow.js engine of its own, on `cpu` or `wasm`. Its module is yours, so that your bundler sees it; it calls
 * `serveTrainingThread` of `speech-emotion/browser/training`, and registers layers of your own, if there are some. The network and its
 * weights come from the page. Examples lie in shared memory once for all workers. The workers start with the training and end with it,
 * however it ends. Where one of them cannot be loaded or ends early, `train` rejects with a `TrainingError`; where the page is not
 * cross-origin isolated, with a `TypeError`. A worker that never calls `serveTrainingThread` is waited for until the signal aborts.
 *
 * @param count how many, at most `navigator.hardwareConcurrency`: each waits for the slowest at every layer of batch normalisation
 * @param start makes a new worker, each time that it is called
 * @throws {RangeError | TypeError} when `count` is no number of threads, or `start` no function
 *
 * @example
 * ```ts
 * const start = () => new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
 * const { model } = await train(network, examples, { threads: trainingThreads(2, start) });
 * ```
 */
export function trainingThreads(count: number, start: () => Worker): TrainingThreads {
  checkInteger(ACTION, 'count', count, 1, 1024);
  checkFunction(ACTION, 'start', start);
  return { count, start: () => watchedThread(newWorker(start)) };
}

const ACTION = 'train in threads';

/** Workers that belong to a training, which ends them. */
const taken = new WeakSet<Worker>();

function newWorker(start: () => Worker): Worker {
  const worker = start();
  if (typeof worker?.postMessage !== 'function' || typeof worker.terminate !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: start must give a Worker, got ${typeName(worker)}`);
  }
  if (taken.has(worker)) throw new TypeError(`Cannot ${ACTION}: start must give a new Worker, got the same one again`);
  taken.add(worker);
  return worker;
}

/** The thread of a worker, of which it is told when the worker ends, too. */
function watchedThread(worker: Worker): TrainingThread {
  const { ask, terminate, lose } = startedThread(worker);
  const lock = `speech-emotion training ${crypto.randomUUID()}`;
  const over = new AbortController();
  const watched = ask({ type: 'lock', lock } satisfies LockMessage).then((isHeld) => {
    if (isHeld) onRelease(lock, over.signal, () => lose(new Error('it has ended')));
  });
  watched.catch(() => {}); // whoever asks first is told
  return {
    async ask(message) {
      await watched;
      return ask(message);
    },
    async terminate() {
      over.abort();
      await terminate();
    },
  };
}
