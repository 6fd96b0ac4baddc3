// folds of a cross-validation in two threads beside the same folds in one

import { availableParallelism } from 'node:os';
import { buildCnnLstm, crossValidate } from 'speech-emotion';
import { trainingWorkers } from 'speech-emotion/node';
import { useBackend } from '../examples/node/backend.ts';
import { BATCH, defaultFrames, noiseExamples } from './defaultStep.ts';
import { compare, timed } from './measure.ts';
import type { Outcome } from './result.ts';

/** Steps a fold: enough for a thread's start not to count. */
const STEPS = 60;

export async function parallel(): Promise<Outcome> {
  const cores = availableParallelism();
  if (cores < 2) return { cases: [], missing: [`all cases: they take two cores, here is ${cores}`] };
  await useBackend('wasm');
  const data = noiseExamples(STEPS * BATCH + 2, await defaultFrames());
  const folds = [0, 1].map((fold) => ({
    name: `fold ${fold}`,
    train: data.examples.slice(2),
    test: [data.examples[fold]!],
  }));
  const network = new URL('../experiments/training/networkWorker.ts', import.meta.url);
  const parameters = { backend: 'wasm', bins: data.examples[0]!.variants[0]!.bins, classes: data.labels.length };
  const inThreads = (workers: number) =>
    timed(() =>
      crossValidate(data, folds, {
        build: (seed) => buildCnnLstm({ seed }),
        train: { epochs: 1, batchSize: BATCH },
        speakers: 'dependent',
        executor: trainingWorkers(network, { workers, parameters }),
      }),
    );
  const about = {
    case: `two folds of ${STEPS} training steps, in two threads`,
    backend: 'wasm',
    against: 'in one thread',
  };
  const note = 'starting the threads is part of it';
  return {
    cases: [
      await compare({ ...about, aim: 1.5, rounds: 3, warmUps: 0, note, ours: inThreads(2), theirs: inThreads(1) }),
    ],
  };
}
