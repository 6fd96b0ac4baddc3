// LSTM over whole sequences, forward and back, beside tfjs-layers' and PyTorch's

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { Lstm } from 'speech-emotion/layers';
import { useBackend } from '../examples/node/backend.ts';
import { type Limit, limitOf } from './limits.ts';
import { type Case, compare, type Measurement, timed } from './measure.ts';
import type { Outcome } from './result.ts';
import { stockLstm } from './stockNetwork.ts';
import { NO_TORCH, openTorch, type TorchPeer } from './torch.ts';
import { openWebGpu, type WebGpu } from './webgpu.ts';

/** What is measured: gradients of all weights and of the input. */
const SIZES = [
  { batch: 16, frames: 120, features: 64, units: 128, bidirectional: false },
  { batch: 32, frames: 48, features: 256, units: 128, bidirectional: true },
] as const;
type Sizes = (typeof SIZES)[number];

const nameOf = ({ batch, frames, features, units, bidirectional }: Sizes) =>
  `forward and gradients, B ${batch}, T ${frames}, D ${features}, H ${units}${bidirectional ? ', bidirectional' : ''}`;

export async function lstm(): Promise<Outcome> {
  const cases: Case[] = [];
  const limits: Limit[] = [];
  const missing: string[] = [];
  const torch = await openTorch();
  if (!torch) missing.push(`PyTorch: ${NO_TORCH}`);
  for (const backend of ['wasm', 'cpu'] as const) {
    await useBackend(backend);
    for (const sizes of SIZES) {
      const found = await onHost(backend, sizes, torch);
      cases.push(...found.cases);
      limits.push(found.limit);
    }
  }
  torch?.close();
  const webgpu = await openWebGpu();
  if (typeof webgpu === 'string') missing.push(`webgpu: ${webgpu}`);
  else {
    for (const sizes of SIZES) cases.push(...(await onWebGpu(sizes, webgpu)));
    if (webgpu.software) missing.push(`time on webgpu: ${webgpu.adapter} is a driver in software`);
    webgpu.close();
  }
  return { cases, limits, missing, versions: torch ? { torch: torch.version } : {} };
}

async function onHost(
  backend: 'wasm' | 'cpu',
  sizes: Sizes,
  torch: TorchPeer | undefined,
): Promise<{ cases: Case[]; limit: Limit }> {
  const about = { case: nameOf(sizes), backend };
  const steps = await stepsOf(sizes);
  const [ours, theirs] = [timed(steps.ours), timed(steps.theirs)];
  const wasm = backend === 'wasm';
  const rounds = wasm ? { rounds: 7 } : { rounds: 3, warmUps: 0 }; // warmed up by the check that both give the same
  const cases = [await compare({ ...about, ...rounds, against: 'tfjs-layers', aim: wasm ? 10 : 8, ours, theirs })];
  if (torch && wasm) {
    const pytorch = torch.measure({ case: 'lstm', ...sizes });
    cases.push(await compare({ ...about, against: 'PyTorch', floor: 0.3, aim: 0.5, ours, theirs: pytorch }));
  }
  const limit = await limitOf({ ...about, ...rounds, by: 'matMul', amount: operationsOf(sizes), ours });
  return { cases, limit };
}

/** Work is only counted where WebGPU is software: it takes the same programs on any GPU. */
async function onWebGpu(sizes: Sizes, { dispatches, software }: WebGpu): Promise<Case[]> {
  const about = { case: nameOf(sizes), backend: 'webgpu', against: 'tfjs-layers' };
  const { ours, theirs } = await stepsOf(sizes);
  const counted =
    (work: () => unknown): Measurement =>
    () =>
      dispatches(work);
  const cases = [
    await compare({
      ...{ ...about, unit: 'dispatches', rounds: 1, warmUps: 0, aim: 5 },
      ...{ ours: counted(ours), theirs: counted(theirs) },
    }),
  ];
  if (!software) cases.push(await compare({ ...about, aim: 3, ours: timed(ours), theirs: timed(theirs) }));
  return cases;
}

/** Ours and that of tfjs-layers over the same input and weights; both are checked to give the same. */
async function stepsOf(sizes: Sizes): Promise<{ ours: () => Promise<void>; theirs: () => Promise<void> }> {
  const { batch, frames, features, units, bidirectional } = sizes;
  const layers = [
    new Lstm({ units, direction: bidirectional ? 'bidirectional' : 'forward', seed: 1 }),
    stockLstm(units, bidirectional),
  ] as const;
  for (const layer of layers) layer.apply(tfl.input({ shape: [frames, features] }));
  layers[1].setWeights(layers[0].getWeights());
  const x = tf.variable(tf.randomNormal([batch, frames, features], 0, 1, 'float32', 1));
  const dy = tf.randomNormal([batch, frames, units * (bidirectional ? 2 : 1)], 0, 1, 'float32', 2);
  const [ours, theirs] = layers.map((layer) => {
    const variables = [x, ...layer.trainableWeights.map((weight) => weight.read() as tf.Variable)];
    return () =>
      tf.tidy(() => {
        const loss = () => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, dy)) as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, variables);
        return [value, ...variables.map(({ name }) => grads[name]!)];
      });
  }) as [() => tf.Tensor[], () => tf.Tensor[]];
  await expectSame(ours(), theirs());
  return { ours: finished(ours), theirs: finished(theirs) };
}

/** Waits for what was computed last, and with it for all of it. */
function finished(run: () => tf.Tensor[]): () => Promise<void> {
  return async () => {
    const results = run();
    await Promise.all(results.map((result) => result.data()));
    tf.dispose(results);
  };
}

/** To float32, over some hundred frames: relative to the largest value. */
async function expectSame(ours: tf.Tensor[], theirs: tf.Tensor[]): Promise<void> {
  for (const [i, a] of ours.entries()) {
    const b = theirs[i]!;
    const [off, most] = tf.tidy(() => [tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(b))]) as [tf.Tensor, tf.Tensor];
    const [[difference], [scale]] = [await off.data(), await most.data()];
    if (!(difference! <= 1e-3 * scale!))
      throw new Error(`Cannot compare: result ${i} is ${difference} of ${scale} off`);
    tf.dispose([a, b, off, most]);
  }
}

/** Forward one product a weight; back two. */
function operationsOf({ batch, frames, features, units, bidirectional }: Sizes): number {
  return 3 * 2 * batch * frames * (features + units) * 4 * units * (bidirectional ? 2 : 1);
}
