import { expect, test } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { glorotUniform, heUniform, orthogonal } from '../../src/layers/initialize.ts';

test('uniform initialisers: limits of the papers, filled out, with the variance that follows', () => {
  const glorot = glorotUniform(10_000, 20, 30, new RandomStream(1, 'a'));
  const he = heUniform(10_000, 20, new RandomStream(1, 'b'));
  for (const [values, variance] of [
    [glorot, 2 / 50],
    [he, 2 / 20],
  ] as const) {
    const limit = Math.sqrt(3 * variance);
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.99 * limit);
    expect(values.reduce((sum, value) => sum + value * value, 0) / values.length / variance).toBeCloseTo(1, 1);
  }
});

test.each([
  [4, 9],
  [9, 4],
  [6, 6],
  [96, 384],
])('orthogonal [%i, %i]: the shorter side is orthonormal', (rows, columns) => {
  const matrix = orthogonal(rows, columns, new RandomStream(1, 'o'));
  const wide = rows <= columns;
  const at = (vector: number, i: number) => (wide ? matrix[vector * columns + i]! : matrix[i * columns + vector]!);
  let worst = 0;
  for (let a = 0; a < Math.min(rows, columns); a++)
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let i = 0; i < Math.max(rows, columns); i++) product += at(a, i) * at(b, i);
      worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)));
    }
  expect(worst).toBeLessThan(1e-6);
});
