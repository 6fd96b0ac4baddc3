// messages of a training in threads → its steps: the module that the threads of `trainingThreads` run

import { workerData } from 'node:worker_threads';
import { answerTeam } from '../training/threads/teamTrainee.ts';
import { importModule } from './importModule.ts';
import { answerJobs } from './jobPort.ts';

/** What a thread is started with. */
export interface TrainingThreadData {
  /** URL of the module that registers and sets the backend. */
  readonly module: string;
}

const { module } = workerData as TrainingThreadData;
const prepared = importModule(module);
prepared.catch(() => {}); // whoever asks first is told

answerJobs(async (message: Parameters<typeof answerTeam>[0]) => {
  await prepared;
  return answerTeam(message);
});
