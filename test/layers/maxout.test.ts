import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Maxout } from '../../src/layers/maxout.ts';
import { expectClose, normals, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

const [batch, inputs, units, pieces] = [4, 3, 5, 3] as const;

await describeBackends(allBackends, 'Maxout', () => {
  test('definition; gradients by central differences of it', async () => {
    await expectNoLeak(async () => {
      const layer = built(new Maxout({ units, pieces, seed: 1 }), [null, inputs]);
      const [kernel, bias] = [normals('kernel', inputs * units * pieces), normals('bias', units * pieces)];
      const weights = [tf.tensor(kernel, [inputs, units * pieces]), tf.tensor(bias)];
      layer.setWeights(weights);
      const values = normals('x', batch * inputs);
      const output = (x: ArrayLike<number>) =>
        Float64Array.from({ length: batch * units }, (_, at) => {
          const [b, i] = [Math.floor(at / units), at % units];
          const sums = Array.from({ length: pieces }, (_, j) => {
            let z = bias[i * pieces + j]!;
            for (let d = 0; d < inputs; d++) z += x[b * inputs + d]! * kernel[d * units * pieces + i * pieces + j]!;
            return z;
          });
          return Math.max(...sums);
        });
      const dy = normals('dy', batch * units);
      const loss = (x: ArrayLike<number>) => output(x).reduce((sum, y, i) => sum + y * dy[i]!, 0);
      const slopes = Array.from(values, (_, i) => {
        const moved = (h: number) => loss(Float64Array.from(values, (value, j) => value + (i === j ? h : 0)));
        return (moved(1e-5) - moved(-1e-5)) / 2e-5;
      });
      const x = tf.tensor2d(values, [batch, inputs]);
      const weighted = (input: tf.Tensor) =>
        tf.sum(tf.mul(layer.apply(input) as tf.Tensor, tf.tensor(dy, [batch, units])));
      const [y, dx] = await take(layer.apply(x) as tf.Tensor, tf.grad(weighted)(x));
      expectClose(y!, output(values), 1e-6);
      expectClose(dx!, slopes, 2e-6);
      tf.dispose([x, weights]);
      layer.dispose();
    });
  });

  test('of two pieces, one of which is 0, it is ReLU', async () => {
    await expectNoLeak(async () => {
      const layer = built(new Maxout({ units: inputs, seed: 1 }), [null, inputs]);
      const identity = Float32Array.from({ length: inputs * inputs * 2 }, (_, at) =>
        Number(at % (2 * inputs) === 2 * Math.floor(at / (2 * inputs))),
      );
      const weights = [tf.tensor(identity, [inputs, 2 * inputs]), tf.zeros([2 * inputs])];
      layer.setWeights(weights);
      const x = normalTensor<tf.Rank.R2>('x', [batch, inputs]);
      const [y] = await take(layer.apply(x) as tf.Tensor);
      expect([...y!]).toEqual([...normals('x', batch * inputs)].map((value) => Math.max(0, value)));
      tf.dispose([x, weights]);
      layer.dispose();
    });
  });
});

test('errors name the rule', () => {
  expect(() => new Maxout({ units: 2, pieces: 1, seed: 1 })).toThrow(
    /Cannot make Maxout: pieces must be a whole number from 2 to 1024, got 1/,
  );
});
