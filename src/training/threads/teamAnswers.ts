// what gets a thread ready → its answers to the messages of a training

import type { Numbers, StepAnswer, TeamMessage } from './messages.ts';
import { answerTeam } from './teamTrainee.ts';

/**
 * Gets a thread ready, at once; its messages wait for that.
 *
 * @param prepare sets the backend, and registers what the network is made of. What it throws is the answer to every message
 */
export function teamAnswers(prepare: () => unknown): (message: TeamMessage) => Promise<StepAnswer | Numbers> {
  const prepared = Promise.resolve().then(prepare);
  prepared.catch(() => {}); // whoever asks first is told
  return async (message) => {
    await prepared;
    return answerTeam(message);
  };
}
