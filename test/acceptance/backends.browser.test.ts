import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answers, expectSameAnswers, expectSameTraining, shippedAnswers } from './agreement.ts';
import { type SmallResult, STEPS, trainSmall } from './smallTraining.ts';

// Oracle: the cpu backend in the same page, on the same input. The other backends are in backends.test.ts.

const urls = import.meta.glob<string>('../../examples/clips/*.wav', { query: '?url', import: 'default', eager: true });

async function clip(name: string): Promise<Uint8Array> {
  const response = await fetch(urls[`../../examples/clips/${name}`]!);
  expect(response.ok).toBe(true);
  return new Uint8Array(await response.arrayBuffer());
}

describe('the library on webgl', () => {
  let clips: Record<string, Uint8Array>;
  let answers: Answers;
  let training: SmallResult;

  beforeAll(async () => {
    clips = { 'loud.wav': await clip('loud.wav'), 'in-turns.wav': await clip('in-turns.wav') };
    await tf.setBackend('cpu');
    answers = await shippedAnswers(clips);
    training = await trainSmall(STEPS);
    expect(await tf.setBackend('webgl'), 'WebGL starts').toBe(true);
  });

  it('classifies with the shipped model as on cpu, to 1e-4', { timeout: 240_000 }, async () => {
    const tensors = tf.memory().numTensors;
    expectSameAnswers(await shippedAnswers(clips), answers);
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(['webgl', tensors]);
  });

  it('trains, convolutions included, as on cpu', { timeout: 240_000 }, async () => {
    const tensors = tf.memory().numTensors;
    expectSameTraining(await trainSmall(STEPS), training);
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(['webgl', tensors]);
  });
});
