import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { TakeBins } from '../../src/layers/takeBins.ts';
import { expectClose, normals } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

await describeBackends(allBackends, 'TakeBins', () => {
  for (const [from, first] of [
    [1, 1],
    [-2, 3],
  ] as const) {
    test(`takes two bins from ${from} on (oracle: by index)`, async () => {
      await expectNoLeak(async () => {
        const values = normals('x', 2 * 4 * 5);
        const x = tf.tensor4d(values, [2, 4, 5, 1]);
        const layer = new TakeBins({ from, count: 2 });
        const y = layer.apply(x) as tf.Tensor;
        expect(y.shape).toEqual(layer.computeOutputShape(x.shape));
        const wanted = [...values].filter((_, i) => i % 5 === first || i % 5 === first + 1);
        expectClose(Array.from(await y.data()), wanted, 1e-7);
        tf.dispose([x, y]);
      });
    });
  }
});
