// a worker that answers the messages of a training → a thread of it

import { TrainingError } from '../../core/errors.ts';
import { JobThread } from '../../core/jobThread.ts';
import type { PortLike } from '../../core/port.ts';
import type { TrainingThread } from './trainingThreads.ts';

/** A thread in a worker. */
export interface StartedThread extends TrainingThread {
  /** To be called where the host knows that the worker has ended, and the worker does not say so. */
  readonly lose: (cause: unknown) => void;
}

/**
 * The thread that a worker is; it ends with a {@link TrainingError} where the worker does so early.
 *
 * @param worker just started, with a module that answers by `teamAnswers`
 */
export function startedThread(worker: PortLike): StartedThread {
  const lost = (reason: string, cause?: unknown) => new TrainingError(`Cannot go on training: ${reason}`, { cause });
  const thread = new JobThread(worker, lost);
  return {
    async ask(message) {
      const outcome = await thread.ask<unknown>(message, () => {});
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    },
    terminate: () => thread.terminate(),
    lose: (cause) => thread.lose(cause),
  };
}
