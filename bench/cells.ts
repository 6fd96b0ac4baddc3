// every implementation of a recurrent cell beside the composed one: a whole training step of the preset that uses the cell
//
// An implementation of its own is kept where it makes the step at least 1.5 times as fast.

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { useBackend } from '../examples/node/backend.ts';
import { type Implementations, isActive, type Kind, kinds } from '../src/kernels/backends/implementations.ts';
import { gruImplementations } from '../src/kernels/recurrent/gruSequence.ts';
import { lstmImplementations } from '../src/kernels/recurrent/lstmSequence.ts';
import { multiplicativeLstmImplementations } from '../src/kernels/recurrent/multiplicativeSequence.ts';
import { buildCnnLstm } from '../src/model/cnnLstm.ts';
import { type Presets, presets } from '../src/model/presets.ts';
import { train } from '../src/training/train.ts';
import { BATCH, trainingStep } from './defaultStep.ts';
import { type Case, type Comparison, compare, type Measurement } from './measure.ts';
import type { Outcome } from './result.ts';
import { openWebGpu, type WebGpu } from './webgpu.ts';

/** Frames of a clip, of 80 mel bands: a window of 1.8 s. */
const FRAMES = 112;

/** The cells that have others than the composed one. */
const CELLS: readonly [preset: keyof Presets, table: Implementations<unknown>][] = [
  ['cnnLstm', lstmImplementations],
  ['gru', gruImplementations],
  ['krause2016', multiplicativeLstmImplementations],
];

/** The least ratio that pays for an implementation. */
const AIM = 1.5;

export async function cells(): Promise<Outcome> {
  const cases: Case[] = [];
  const missing: string[] = [];
  await useBackend('wasm');
  for (const [preset, table] of CELLS) cases.push(...(await timesOf(preset, table, 3, { rounds: 5, warmUps: 1 })));
  const webgpu = await openWebGpu();
  if (typeof webgpu === 'string') missing.push(`webgpu: ${webgpu}`);
  else {
    for (const [preset, table] of CELLS) cases.push(...(await dispatchesOf(preset, table, webgpu)));
    if (webgpu.software) missing.push(`time on webgpu: ${webgpu.adapter} is a driver in software`);
    webgpu.close();
  }
  await useBackend('cpu');
  for (const [preset, table] of CELLS) cases.push(...(await timesOf(preset, table, 1, { rounds: 2, warmUps: 0 })));
  return { cases, missing };
}

type Rounds = Pick<Comparison, 'rounds' | 'warmUps'>;

/** Processor time of a step, of each implementation of the preset's cell for the active backend. */
function timesOf(
  preset: keyof Presets,
  table: Implementations<unknown>,
  steps: number,
  rounds: Rounds,
): Promise<Case[]> {
  const step = (network: LayersModel) =>
    trainingStep(network, FRAMES, { steps, trainer: train as never, clock: processorTime });
  return beside(preset, table, step, { ...rounds, case: `training step of the preset ${preset}, batch ${BATCH}` });
}

/** Their number follows from the programs, whatever the batch. */
function dispatchesOf(preset: keyof Presets, table: Implementations<unknown>, webgpu: WebGpu): Promise<Case[]> {
  const step = (network: LayersModel) => {
    const [one, two] = [1, 2].map((steps) =>
      trainingStep(network, FRAMES, { steps, batch: 2, trainer: train as never }),
    );
    return async () => (await webgpu.dispatches(two!)) - (await webgpu.dispatches(one!));
  };
  return beside(preset, table, step, {
    ...{ case: `training step of the preset ${preset}`, unit: 'dispatches', rounds: 1, warmUps: 0 },
  });
}

/** Each implementation of the preset's cell for the active backend, beside the composed one. */
async function beside(
  preset: keyof Presets,
  table: Implementations<unknown>,
  measurementOf: (network: LayersModel) => Measurement,
  about: Rounds & Pick<Comparison, 'case' | 'unit'>,
): Promise<Case[]> {
  const cases: Case[] = [];
  for (const kind of kinds.filter((kind) => kind !== 'composed' && table[kind] && isActive(kind))) {
    const network = buildCnnLstm({ ...presets[preset], frames: FRAMES, seed: 1 });
    const step = measurementOf(network);
    cases.push(
      await compare({
        ...{ ...about, case: `${about.case}, ${kind}`, backend: tf.getBackend(), against: 'composed', aim: AIM },
        ours: () => runningOn(kind, table, step),
        theirs: () => runningOn('composed', table, step),
      }),
    );
    network.dispose();
    console.error(JSON.stringify(cases.at(-1)));
  }
  return cases;
}

/** Milliseconds that the process has computed, which other processes do not lengthen as they do the time on the clock. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs with one implementation alone in the table. */
async function runningOn(kind: Kind, table: Implementations<unknown>, run: Measurement): Promise<number> {
  const all = { ...table };
  const others = kinds.filter((other) => other !== kind && other !== 'composed');
  Object.assign(table, Object.fromEntries(others.map((other) => [other, undefined])));
  try {
    return await run();
  } finally {
    Object.assign(table, all);
  }
}
