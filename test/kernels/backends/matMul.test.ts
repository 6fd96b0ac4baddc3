import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { matMul } from '../../../src/kernels/backends/matMul.ts';
import { expectClose, normalTensor, take } from '../../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../../support/backends.ts';

await describeBackends(allBackends, 'matMul', () => {
  for (const [rows, inner, columns] of [
    [4, 8, 4],
    [5, 3, 7],
    [1, 1, 1],
    [3, 130, 2],
    [9, 2, 6],
  ] as const) {
    test(`[${rows}, ${inner}] · [${inner}, ${columns}]: definition in float64`, async () => {
      const [a, b, product] = await expectNoLeak(async () => {
        const factors = [
          normalTensor<tf.Rank.R2>('a', [rows, inner]),
          normalTensor<tf.Rank.R2>('b', [inner, columns]),
        ] as const;
        return take(...factors, matMul(...factors));
      });
      const expected = Array.from({ length: rows * columns }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < inner; k++)
          sum += a![Math.floor(i / columns) * inner + k]! * b![k * columns + (i % columns)]!;
        return sum;
      });
      expectClose(product!, expected, 1e-6);
    });
  }

  for (const [aTransposed, bTransposed] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    for (const [rows, inner, columns] of [
      [5, 3, 7],
      [70, 300, 270], // more than a block of each
    ] as const) {
      test(`transposed ${aTransposed}, ${bTransposed}, [${rows}, ${inner}, ${columns}]: of factors transposed before`, async () => {
        const [own, expected] = await expectNoLeak(async () => {
          const a = normalTensor<tf.Rank.R2>('a', aTransposed ? [inner, rows] : [rows, inner]);
          const b = normalTensor<tf.Rank.R2>('b', bTransposed ? [columns, inner] : [inner, columns]);
          const [at, bt] = [aTransposed ? tf.transpose(a) : tf.clone(a), bTransposed ? tf.transpose(b) : tf.clone(b)];
          const products = await take(matMul(a, b, { aTransposed, bTransposed }), matMul(at, bt));
          tf.dispose([a, b, at, bt]);
          return products;
        });
        expectClose(own!, expected!, 2e-6);
      });
    }
  }

  test('factors that do not fit are rejected', async () => {
    await expectNoLeak(() => {
      const [a, b] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros<tf.Rank.R2>([4, 2])];
      expect(() => matMul(a, b)).toThrow(/2,3/);
      tf.dispose([a, b]);
    });
  });
});
