// messages of a training in threads → its steps: the module that the threads of `trainingThreads` run

import { parentPort, workerData } from 'node:worker_threads';
import { answerJobs } from '../core/answerJobs.ts';
import { teamAnswers } from '../training/threads/teamAnswers.ts';
import { importModule } from './importModule.ts';

/** What a thread is started with. */
export interface TrainingThreadData {
  /** URL of the module that registers and sets the backend. */
  readonly module: string;
}

const { module } = workerData as TrainingThreadData;
answerJobs(
  parentPort!,
  teamAnswers(() => importModule(module)),
);
