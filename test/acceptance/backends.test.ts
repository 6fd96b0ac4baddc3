import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { describeBackends, expectNoLeak } from '../support/backends.ts';
import { type Answers, expectSameAnswers, expectSameTraining, shippedAnswers } from './agreement.ts';
import { type SmallResult, STEPS, trainSmall } from './smallTraining.ts';

// Oracle throughout: the cpu backend, whose kernels are plain loops, on the same input. WebGL is in backends.browser.test.ts.

const clip = async (name: string) =>
  new Uint8Array(await readFile(new URL(`../../examples/clips/${name}`, import.meta.url)));
const clips = {
  'loud.wav': await clip('loud.wav'),
  'slow.wav': await clip('slow.wav'),
  'in-turns.wav': await clip('in-turns.wav'), // long enough for a batch of several windows
};

let answers: Answers;
let training: SmallResult;

beforeAll(async () => {
  await tf.setBackend('cpu');
  answers = await shippedAnswers(clips);
  training = await trainSmall(STEPS);
});

await describeBackends(['wasm', 'webgpu'], 'the library', (backend) => {
  it('classifies with the shipped model as on cpu, to 1e-4', { timeout: 240_000 }, async () => {
    // Where WebGPU runs in software a clip takes seconds.
    const { 'loud.wav': loud } = clips;
    expectSameAnswers(
      await expectNoLeak(() => shippedAnswers(backend === 'webgpu' ? { 'loud.wav': loud } : clips)),
      answers,
    );
  });

  it('trains, convolutions included, as on cpu', { timeout: 240_000 }, async () => {
    expectSameTraining(await expectNoLeak(() => trainSmall(STEPS)), training);
  });
});

const webgpu = tf.findBackendFactory('webgpu') !== null;

it('ran on WebGPU, where CI or WEBGPU_REQUIRED say it must', () => {
  expect(webgpu || !(process.env.CI || process.env.WEBGPU_REQUIRED)).toBe(true);
});
