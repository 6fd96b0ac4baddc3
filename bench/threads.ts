// one training in two threads beside the same training in one

import { availableParallelism } from 'node:os';
import { buildCnnLstm, train } from 'speech-emotion';
import { trainingThreads } from 'speech-emotion/node';
import { useBackend } from '../examples/node/backend.ts';
import { BATCH, defaultFrames, trainingStep } from './defaultStep.ts';
import { compare } from './measure.ts';
import type { Outcome } from './result.ts';

/** Steps a round, after those that compile the kernels. */
const STEPS = 20;

export async function threads(): Promise<Outcome> {
  const cores = availableParallelism();
  if (cores < 2) return { cases: [], missing: [`all cases: they take two cores, here is ${cores}`] };
  await useBackend('wasm');
  const frames = await defaultFrames();
  const network = buildCnnLstm({ frames, seed: 1 });
  const two = trainingThreads(2, new URL('./children/wasm.ts', import.meta.url));
  const inTwo: typeof train = (own, data, options) => train(own, data, { ...options, threads: two });
  const about = {
    case: `training step of the default network, batch ${BATCH}, in two threads`,
    backend: 'wasm',
    against: 'in one thread',
  };
  return {
    cases: [
      await compare({
        ...{ ...about, floor: 1.6, aim: 1.9, rounds: 7, warmUps: 1 },
        ours: trainingStep(network, frames, { steps: STEPS, trainer: inTwo }),
        theirs: trainingStep(network, frames, { steps: STEPS }),
      }),
    ],
  };
}
