// messages of a training in a page → its steps: what the workers of `trainingThreads` call

import { answerJobs } from '../core/answerJobs.ts';
import { checkFunction } from '../core/check.ts';
import type { PortLike } from '../core/port.ts';
import type { TeamMessage } from '../training/threads/messages.ts';
import { teamAnswers } from '../training/threads/teamAnswers.ts';
import { holdLock, type LockMessage } from './workerLock.ts';

/**
 * Makes this Web Worker a thread of a training: see `trainingThreads` of `speech-emotion/browser`. Call it at once when the worker's
 * module runs; the steps wait until the backend is ready. The page ends the worker with the training.
 *
 * @param prepare starts the backend, `wasm` or `cpu`; what it throws, `train` rejects with
 * @throws {TypeError} when `prepare` is no function, or this is no worker
 *
 * @example
 * ```ts
 * // training.worker.ts
 * import '@tensorflow/tfjs-backend-wasm';
 * serveTrainingThread(() => setBackend('wasm'));
 * ```
 */
export function serveTrainingThread(prepare: () => unknown): void {
  checkFunction('serve a training', 'prepare', prepare);
  const answer = teamAnswers(prepare);
  answerJobs(globalThis as unknown as PortLike, async (message: TeamMessage | LockMessage) =>
    message.type === 'lock' ? holdLock(message.lock) : answer(message),
  );
}
