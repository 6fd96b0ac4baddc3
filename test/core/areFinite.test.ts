import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areFinite } from '../../src/core/areFinite.ts';

it('is true of numbers none of which is NaN or infinite, wherever it stands (oracle: Number.isFinite)', () => {
  const numbers = fc.array(fc.oneof(fc.float(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 3.4e38)), {
    maxLength: 12,
  });
  fc.assert(fc.property(numbers, (values) => areFinite(Float32Array.from(values)) === values.every(Number.isFinite)));
  expect(areFinite(new Float32Array(0))).toBe(true);
});
