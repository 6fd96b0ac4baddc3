// a page → `step(threads)`, the milliseconds of a training step in it

import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { buildCnnLstm, train } from 'speech-emotion';
import { trainingThreads } from 'speech-emotion/browser';
import { defaultFrames, trainingStep } from '../defaultStep.ts';

setWasmPaths(new URL('./wasm/', location.href).href);
await setBackend('wasm');
const frames = await defaultFrames();
const network = buildCnnLstm({ frames, seed: 1 });

/** Steps a round, after those that compile the kernels. */
const STEPS = 20;

async function step(threads: 'none' | 'two' | 'two, tfjs in one'): Promise<number> {
  const start = () => new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name: threads });
  const inTwo: typeof train = (own, data, options) =>
    train(own, data, { ...options, threads: trainingThreads(2, start) });
  return trainingStep(network, frames, { steps: STEPS, trainer: threads === 'none' ? train : inTwo })();
}

Object.assign(globalThis, { step });
