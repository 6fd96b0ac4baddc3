// a training step of the default network's convolution blocks beside three times their forward pass

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { buildCnnLstm } from 'speech-emotion';
import { useBackend } from '../examples/node/backend.ts';
import { BATCH, defaultFrames } from './defaultStep.ts';
import { limitOf } from './limits.ts';
import { compare, timed } from './measure.ts';
import type { Outcome } from './result.ts';
import { bytesOfStep, operationsOf } from './work.ts';

/**
 * Back, a convolution computes twice what it computed forward, once for its input and once for its filters; the first has
 * nobody who asks for the former. So three forward passes are what a step may take at most.
 */
export async function conv(): Promise<Outcome> {
  await useBackend('wasm');
  const frames = await defaultFrames();
  const network = buildCnnLstm({ frames, seed: 1 });
  const sequence = network.getLayer('sequence').input as tfl.SymbolicTensor;
  const blocks = tfl.model({ inputs: network.inputs, outputs: sequence });
  const x = tf.randomNormal([BATCH, ...(blocks.inputs[0]!.shape.slice(1) as number[])], 0, 1, 'float32', 1);
  const dy = tf.randomNormal([BATCH, ...(sequence.shape.slice(1) as number[])], 0, 1, 'float32', 2);
  const variables = blocks.trainableWeights.map((weight) => weight.read() as tf.Variable);

  const run = () => blocks.apply(x, { training: true }) as tf.Tensor;
  const forward = async () => {
    const y = tf.tidy(run);
    await y.data();
    y.dispose();
  };
  const step = async () => {
    const { value, grads } = tf.tidy(() => tf.variableGrads(() => tf.sum(tf.mul(run(), dy)) as tf.Scalar, variables));
    await Promise.all([value, ...Object.values(grads)].map((result) => result.data()));
    tf.dispose([value, grads as never]);
  };

  const about = { case: `training step of the convolution blocks, batch ${BATCH}`, backend: 'wasm' };
  const ours = timed(step);
  const once = timed(forward);
  const theirs = async () => 3 * (await once());
  return {
    cases: [await compare({ ...about, against: 'three times its own forward pass', aim: 1 / 1.3, ours, theirs })],
    limits: [
      await limitOf({ ...about, by: 'matMul', amount: BATCH * operationsOf(blocks, frames).step, ours }),
      await limitOf({ ...about, by: 'copy', amount: BATCH * bytesOfStep(blocks, frames), ours }),
    ],
  };
}
