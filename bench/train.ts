// a training step of the default network beside tfjs-layers, PyTorch, and what matMul allows

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildCnnLstm } from 'speech-emotion';
import '@tensorflow/tfjs-backend-cpu';
import { useBackend } from '../examples/node/backend.ts';
import { type Architecture, architectureOf } from './architecture.ts';
import { BATCH, defaultFrames, trainingStep } from './defaultStep.ts';
import { type Limit, limitOf } from './limits.ts';
import { type Case, caseOf, compare, type Measurement, timed } from './measure.ts';
import type { Outcome } from './result.ts';
import { stockNetwork } from './stockNetwork.ts';
import { NO_TORCH, openTorch } from './torch.ts';
import { bytesOfStep, operationsOf } from './work.ts';

export async function train(): Promise<Outcome> {
  await useBackend('wasm');
  const frames = await defaultFrames();
  const network = buildCnnLstm({ frames, seed: 1 });
  const architecture = architectureOf(network);
  const about = { case: `training step of the default network, batch ${BATCH}`, backend: 'wasm' };
  const ours = trainingStep(network, frames);
  const cases: Case[] = [];

  const torch = await openTorch();
  if (torch) {
    const request = { case: 'train', architecture, batch: BATCH, frames, repeats: 3 } as const;
    const { layout } = await torch.ask(request);
    const note = `in PyTorch's faster memory layout, ${layout}`;
    const theirs = torch.measure(request);
    cases.push(await compare({ ...about, against: 'PyTorch', floor: 0.4, aim: 0.7, note, ours, theirs }));
    torch.close();
  }

  cases.push(
    await compare({
      ...{ ...about, against: 'tfjs-layers on cpu', aim: 30, rounds: 3, warmUps: 1 },
      note: `tfjs-layers cannot train convolutions on wasm, and on cpu a clip takes seconds: one clip's step, times ${BATCH}`,
      ...{ ours, theirs: stockStep(architecture, frames) },
    }),
  );
  const limits = [
    await limitOf({ ...about, by: 'matMul', amount: BATCH * operationsOf(network, frames).step, ours }),
    await limitOf({ ...about, by: 'copy', amount: BATCH * bytesOfStep(network, frames), ours }),
  ];
  const [{ ours: step, least }] = limits as [Limit, Limit];
  cases.push(caseOf({ ...about, against: 'the limit of tf.matMul', aim: 0.4 }, step, least));
  return {
    ...{ cases, limits },
    missing: torch ? [] : [`PyTorch: ${NO_TORCH}`],
    versions: torch ? { torch: torch.version } : {},
  };
}

/** A step of tfjs-layers on cpu; the backend is back to what it was afterwards. */
function stockStep(architecture: Architecture, frames: number): Measurement {
  let network: LayersModel | undefined;
  return async () => {
    const before = tf.getBackend();
    await tf.setBackend('cpu');
    network ??= stockNetwork(architecture, frames);
    const [x, y] = tf.tidy(() => [
      tf.randomNormal([1, frames, architecture.bins, 1]),
      tf.oneHot(tf.zeros([1], 'int32'), architecture.classes),
    ]) as [tf.Tensor, tf.Tensor];
    const ms = await timed(() => network!.trainOnBatch(x, y))();
    tf.dispose([x, y]);
    await tf.setBackend(before);
    return BATCH * ms;
  };
}
