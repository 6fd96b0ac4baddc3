// every implementation of a recurrent cell beside the composed one: a whole training step of the preset that uses the cell
//
// An implementation of its own is kept where it makes the step at least 1.5 times as fast.

import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../examples/node/backend.ts';
import { type Implementations, isActive, type Kind, kinds } from '../src/kernels/backends/implementations.ts';
import { elmanImplementations } from '../src/kernels/recurrent/elmanSequence.ts';
import { gruImplementations } from '../src/kernels/recurrent/gruSequence.ts';
import { indRnnImplementations } from '../src/kernels/recurrent/indRnnSequence.ts';
import { lstmImplementations } from '../src/kernels/recurrent/lstmSequence.ts';
import {
  multiplicativeLstmImplementations,
  multiplicativeRnnImplementations,
} from '../src/kernels/recurrent/multiplicativeSequence.ts';
import { secondOrderImplementations } from '../src/kernels/recurrent/secondOrderSequence.ts';
import { buildCnnLstm } from '../src/model/cnnLstm.ts';
import { type Presets, presets } from '../src/model/presets.ts';
import { train } from '../src/training/train.ts';
import { BATCH, trainingStep } from './defaultStep.ts';
import { type Case, compare, type Measurement } from './measure.ts';
import type { Outcome } from './result.ts';
import { openWebGpu } from './webgpu.ts';

/** Frames of a clip, of 80 mel bands: a window of 1.8 s. */
const FRAMES = 112;

const CELLS: readonly [preset: keyof Presets, table: Implementations<unknown>][] = [
  ['cnnLstm', lstmImplementations],
  ['gru', gruImplementations],
  ['elman', elmanImplementations],
  ['li2018', indRnnImplementations],
  ['secondOrder', secondOrderImplementations],
  ['sutskever2011', multiplicativeRnnImplementations],
  ['krause2016', multiplicativeLstmImplementations],
];

/** The least ratio that pays for an implementation. */
const AIM = 1.5;

export async function cells(): Promise<Outcome> {
  const cases: Case[] = [];
  const missing: string[] = [];
  for (const backend of ['wasm', 'cpu'] as const) {
    await useBackend(backend);
    for (const [preset, table] of CELLS) cases.push(...(await beside(backend, preset, table, (step) => step)));
  }
  const webgpu = await openWebGpu();
  if (typeof webgpu === 'string') missing.push(`webgpu: ${webgpu}`);
  else {
    const counted =
      (step: Measurement): Measurement =>
      () =>
        webgpu.dispatches(step);
    for (const [preset, table] of CELLS) cases.push(...(await beside('webgpu', preset, table, counted)));
    if (webgpu.software) missing.push(`time on webgpu: ${webgpu.adapter} is a driver in software`);
    webgpu.close();
  }
  return { cases, missing };
}

/** Each implementation of the preset's cell for the active backend, beside the composed one. */
async function beside(
  backend: string,
  preset: keyof Presets,
  table: Implementations<unknown>,
  measured: (step: Measurement) => Measurement,
): Promise<Case[]> {
  const cases: Case[] = [];
  for (const kind of kinds.filter((kind) => kind !== 'composed' && table[kind] && isActive(kind))) {
    const network = buildCnnLstm({ ...presets[preset], frames: FRAMES, seed: 1 });
    const step = measured(trainingStep(network, FRAMES, 1, train as never));
    const counts = backend === 'webgpu';
    cases.push(
      await compare({
        ...{ case: `training step of the preset ${preset}, batch ${BATCH}: ${kind}`, backend, against: 'composed' },
        ...(counts ? { unit: 'dispatches', rounds: 1, warmUps: 0 } : { rounds: 3, warmUps: backend === 'cpu' ? 0 : 1 }),
        aim: AIM,
        ours: () => runningOn(kind, table, step),
        theirs: () => runningOn('composed', table, step),
      }),
    );
    console.error(backend, preset, kind, cases.at(-1)!.ratio);
    network.dispose();
  }
  tf.disposeVariables();
  return cases;
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
