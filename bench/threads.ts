// one training in two threads beside the same training in one, and beside PyTorch's in two

import { availableParallelism } from 'node:os';
import { buildCnnLstm, train } from 'speech-emotion';
import { trainingThreads } from 'speech-emotion/node';
import { useBackend } from '../examples/node/backend.ts';
import { architectureOf } from './architecture.ts';
import { BATCH, defaultFrames, trainingStep } from './defaultStep.ts';
import { compare } from './measure.ts';
import type { Outcome } from './result.ts';
import { NO_TORCH, openTorch } from './torch.ts';

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
  const rounds = { rounds: 7, warmUps: 1 };
  const about = { case: `training step of the default network, batch ${BATCH}, in two threads`, backend: 'wasm' };
  const ours = trainingStep(network, frames, { steps: STEPS, trainer: inTwo });
  const theirs = trainingStep(network, frames, { steps: STEPS });
  const cases = [await compare({ ...about, against: 'in one thread', floor: 1.6, aim: 1.9, ...rounds, ours, theirs })];

  const torch = await openTorch(2);
  if (!torch) return { cases, missing: [`PyTorch: ${NO_TORCH}`] };
  const architecture = architectureOf(network);
  const request = { case: 'train', architecture, batch: BATCH, frames, repeats: STEPS } as const;
  const { layout } = await torch.ask(request);
  const note = `in PyTorch's faster memory layout, ${layout}`;
  const peer = { ...about, against: 'PyTorch in two threads', floor: 0.6, aim: 1, note, ...rounds };
  cases.push(await compare({ ...peer, ours, theirs: torch.measure(request) }));
  torch.close();
  return { cases, versions: { torch: torch.version } };
}
