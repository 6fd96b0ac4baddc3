import { expect, it } from 'vitest';
import { toNdArray } from '../../src/features/featureMatrix.ts';

it('toNdArray has frames as rows and shares the numbers (definition)', () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const array = toNdArray({ values, frames: 2, bins: 3 });
  expect(array.shape).toEqual([2, 3]);
  expect([array.get(0, 2), array.get(1, 0)]).toEqual([3, 4]);
  expect(array.data).toBe(values);
});
