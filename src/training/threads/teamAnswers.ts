// what gets a thread ready → its answers to the messages of a training

import type { Numbers, StepAnswer, TeamMessage } from './messages.ts';
import { answerTeam } from './teamTrainee.ts';

/**
 * Answers the messages of a training.
 *
 * @param prepare called when the first comes: sets the backend, and registers what the network is made of. What it throws is the answer
 */
export function teamAnswers(prepare: () => unknown): (message: TeamMessage) => Promise<StepAnswer | Numbers> {
  let prepared: Promise<unknown> | undefined;
  return async (message) => {
    prepared ??= Promise.resolve().then(prepare);
    await prepared;
    return answerTeam(message);
  };
}
