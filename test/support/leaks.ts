// a piece of work → as many tensors after it as before

import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Runs the function and expects as many tensors after it as before; what it returns must not be a tensor. */
export async function expectNoLeak<T>(run: () => T | Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await run();
  expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  return result;
}
