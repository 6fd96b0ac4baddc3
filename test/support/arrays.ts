// what numeric tests need: seeded values, a tensor's values, closeness

import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';

/** Normal values, the same for the same name. */
export function normals(name: string, size: number): Float32Array {
  const random = new RandomStream(1, name);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** A tensor of normal values. */
export function normalTensor<Rank extends tf.Rank>(name: string, shape: tf.ShapeMap[Rank]): tf.Tensor<Rank> {
  return tf.tensor(normals(name, tf.util.sizeFromShape([...shape])), shape);
}

/** Reads and disposes tensors. */
export async function take(...tensors: tf.Tensor[]): Promise<Float32Array[]> {
  const values: Float32Array[] = [];
  for (const tensor of tensors) values.push((await tensor.data()) as Float32Array);
  for (const tensor of tensors) tensor.dispose();
  return values;
}

/** Expects every value to be within `tolerance` of its counterpart, relative to the largest magnitude (1 at least). */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / scale;
    if (!(difference <= worst)) worst = difference; // also where it is NaN
  }
  expect(worst).toBeLessThanOrEqual(tolerance);
}
