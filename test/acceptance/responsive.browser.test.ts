import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { trainSmall } from './smallTraining.ts';
import { Turns } from './turns.ts';

// As in responsive.test.ts, in a page, whose timers and messages come from queues of their own: neither may starve.

it('a page gets its turns while a network trains in it', { timeout: 120_000 }, async () => {
  expect(await tf.setBackend('cpu')).toBe(true);
  const turns = new Turns();
  let frames = 0;
  let training = true;
  const paint = () => {
    frames++;
    if (training) requestAnimationFrame(paint);
  };
  requestAnimationFrame(paint);
  await trainSmall({ epochs: 10, onProgress: ({ type }) => type === 'batch' && turns.step() });
  training = false;
  expect(turns.taken).toHaveLength(29);
  // Half of them at least: a browser may put a message before a timer that is due.
  expect(turns.taken.filter(Boolean).length).toBeGreaterThan(14);
  expect(frames).toBeGreaterThan(1);
});
