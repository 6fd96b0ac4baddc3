import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { sumOfSquares } from '../../src/kernels/sumOfSquares.ts';
import { normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { countDispatches } from '../support/dispatches.ts';

await describeBackends(allBackends, 'sumOfSquares', (backend) => {
  test('of nine tensors of all sizes: the definition in float64', async () => {
    await expectNoLeak(async () => {
      const shapes = [[], [1], [3, 5], [2, 3, 4, 5], [255], [256], [257], [90, 100], [7]];
      const values = shapes.map((shape, i) =>
        normals(
          `tensor ${i}`,
          shape.reduce((a, b) => a * b, 1),
        ),
      );
      const tensors = values.map((own, i) => tf.tensor(own, shapes[i]!));
      const expected = values.reduce((sum, own) => own.reduce((all, value) => all + value ** 2, sum), 0);
      const [sum] = await take(sumOfSquares(tensors));
      expect(Math.abs(sum![0]! / expected - 1)).toBeLessThan(1e-6);
      const programs = backend === 'webgpu' ? countDispatches(() => sumOfSquares(tensors).dispose()) : 0;
      expect(programs).toBeLessThanOrEqual(4); // two for the squares, then one vector and its sum
      tf.dispose(tensors);
    });
  });
});
