import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { trainingThreads } from '../../src/browser/trainingThreads.ts';
import { trainSmall } from '../acceptance/smallTraining.ts';

/* In pages that are isolated they work: trainingThreads.isolated.browser.test.ts. */
it('training in threads is refused in a page that is not cross-origin isolated, before any worker starts', async () => {
  await tf.setBackend('cpu');
  expect(crossOriginIsolated).toBe(false);
  let started = 0;
  const start = () => {
    started++;
    return new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
  };
  const error = await trainSmall({ threads: trainingThreads(2, start) }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toMatch(/^Cannot train: threads must be able to share memory, .* cross-origin isolated/);
  expect(started).toBe(0);
});
