// number of threads, module that sets a backend → threads that take the steps of a training together

import { checkInteger } from '../core/check.ts';
import { startedThread } from '../training/threads/startedThread.ts';
import type { TrainingThreads } from '../training/threads/trainingThreads.ts';
import { moduleUrl } from './moduleUrl.ts';
import { startWorker } from './startWorker.ts';
import type { TrainingThreadData } from './trainingThread.ts';

/**
 * Worker threads for one training, for the option `threads` of `train` and `adapt`; docs/performance.md has what they gain.
 *
 * Each thread has a TensorFlow.js engine of its own, on `cpu` or `wasm`, which a module registers and sets when it is imported, together
 * with layers of your own. The network and its weights come from the caller's. Examples lie in shared memory once for all threads. The
 * threads start with the training and end with it, however it ends. Where one of them ends early, `train` rejects with a
 * `TrainingError`.
 *
 * @param count how many, at most as many as the machine has cores: each waits for the slowest at every layer of batch normalisation
 * @param module URL or path of the module, best `new URL('./backend.js', import.meta.url)`; under tsx it may be TypeScript. One that
 *   `trainingWorkers` takes will do, if it sets the backend when it is imported
 * @throws {RangeError | TypeError} when `count` is no number of threads, or `module` is none
 *
 * @example
 * ```ts
 * // backend.js: import '@tensorflow/tfjs-backend-wasm'; await setBackend('wasm');
 * const threads = trainingThreads(2, new URL('./backend.js', import.meta.url));
 * const { model } = await train(network, examples, { threads });
 * ```
 */
export function trainingThreads(count: number, module: string | URL): TrainingThreads {
  checkInteger(ACTION, 'count', count, 1, 1024);
  const url = moduleUrl(ACTION, 'module', module);
  const entry = new URL('./trainingThread.js', import.meta.url); // beside this file in the built package
  const start = () => startedThread(startWorker(entry, { module: url } satisfies TrainingThreadData));
  return { count, start };
}

const ACTION = 'train in threads';
