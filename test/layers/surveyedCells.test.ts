import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Dropout } from '../../src/layers/dropout.ts';
import { Elman } from '../../src/layers/recurrent/elman.ts';
import { IndRnn } from '../../src/layers/recurrent/indRnn.ts';
import { Lstm } from '../../src/layers/recurrent/lstm.ts';
import { MultiplicativeLstm, MultiplicativeRnn } from '../../src/layers/recurrent/multiplicative.ts';
import { SecondOrder } from '../../src/layers/recurrent/secondOrder.ts';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { expectClose, normals, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';
import { makers } from './recurrent.ts';

/*
 * What the surveyed cells are, said by other cells: each of these is an identity, not a comparison with numbers of our own.
 */

const [batch, frames, features, units] = [3, 6, 4, 5] as const;
const shape = [null, null, features];

/** The layers' outputs for the same sequence; weights are set by value. */
async function outputs(
  x: tf.Tensor,
  ...layers: [
    layer: Elman | IndRnn | SecondOrder | MultiplicativeRnn | MultiplicativeLstm | Lstm,
    weights: tf.Tensor[],
  ][]
): Promise<Float32Array[]> {
  const results = layers.map(([layer, weights]) => {
    built(layer, shape).setWeights(weights);
    return layer.apply(x) as tf.Tensor;
  });
  const values = await take(...results);
  for (const [layer, weights] of layers) {
    layer.dispose();
    tf.dispose(weights);
  }
  return values;
}

const normal = (name: string, size: number[], scale = 1) =>
  tf.tensor(
    normals(name, tf.util.sizeFromShape(size)).map((value) => value * scale),
    size,
  );

await describeBackends(allBackends, 'surveyed cells', () => {
  test.each(['tanh', 'relu'] as const)(
    'IndRnn is an Elman network with a diagonal recurrent kernel (%s)',
    async (activation) => {
      await expectNoLeak(async () => {
        const x = normalTensor<tf.Rank.R3>('x', [batch, frames, features]);
        const u = normals('u', units);
        const diagonal = Float32Array.from({ length: units ** 2 }, (_, i) =>
          i % (units + 1) === 0 ? u[i % units]! : 0,
        );
        const [kernel, bias] = [() => normal('kernel', [features, units]), () => normal('bias', [units])];
        const options = { units, activation, direction: 'backward' as const, seed: 1 };
        const [independent, elman] = await outputs(
          x,
          [new IndRnn(options), [kernel(), tf.tensor(u), bias()]],
          [new Elman(options), [kernel(), tf.tensor(diagonal, [units, units]), bias()]],
        );
        expectClose(independent!, elman!, 1e-6);
        x.dispose();
      });
    },
  );

  test('SecondOrder with one-hot input: each picks the matrix that takes one state to the next', async () => {
    await expectNoLeak(async () => {
      const letters = [2, 0, 1, 1, 3, 2];
      const x = tf.tensor3d(
        letters.flatMap((one) => Array.from({ length: features }, (_, j) => Number(one === j))),
        [1, 6, 4],
      );
      const kernel = normals('kernel', features * units ** 2).map((value) => value / 2);
      const weights = [tf.tensor(kernel, [features, units, units]), tf.zeros([units])];
      const [actual] = await outputs(x, [new SecondOrder({ units, seed: 1 }), weights]);
      let state = Array.from({ length: units }, (_, u) => Number(u === 0));
      const expected = letters.flatMap((letter) => {
        const matrix = (k: number, i: number) => kernel[(letter * units + k) * units + i]!;
        state = state.map((_, i) => Math.tanh(state.reduce((sum, h, k) => sum + h * matrix(k, i), 0)));
        return state;
      });
      expectClose(actual!, expected, 1e-6);
      x.dispose();
    });
  });

  test('MultiplicativeRnn without its first-order part is a SecondOrder network whose tensor is factored', async () => {
    await expectNoLeak(async () => {
      const x = normalTensor<tf.Rank.R3>('x', [batch, frames, features]);
      const [f, v, u] = [
        normals('f', features * units),
        normals('v', units ** 2).map((value) => value / 2),
        normals('u', units ** 2).map((value) => value / 2),
      ];
      const tensor = Float32Array.from({ length: features * units ** 2 }, (_, at) => {
        const [j, k, i] = [Math.floor(at / units ** 2), Math.floor(at / units) % units, at % units];
        let sum = 0;
        for (let n = 0; n < units; n++) sum += f[j * units + n]! * v[k * units + n]! * u[n * units + i]!;
        return sum;
      });
      const bias = () => normal('bias', [units]);
      const start = tf.zeros<tf.Rank.R2>([batch, units]);
      const factored = built(new MultiplicativeRnn({ units, seed: 1 }), shape);
      const full = built(new SecondOrder({ units, seed: 1 }), shape);
      const [a, b] = [
        [
          tf.zeros([features, units]),
          tf.tensor(u, [units, units]),
          tf.tensor(f, [features, units]),
          tf.tensor(v, [units, units]),
          bias(),
        ],
        [tf.tensor(tensor, [features, units, units]), bias()],
      ];
      factored.setWeights(a);
      full.setWeights(b);
      const [actual, expected] = await take(
        factored.apply([x, start]) as tf.Tensor,
        full.apply([x, start]) as tf.Tensor,
      );
      expectClose(actual!, expected!, 2e-6);
      factored.dispose();
      full.dispose();
      tf.dispose([x, start, ...a, ...b]);
    });
  });

  test('MultiplicativeLstm whose factors are 1 is an LSTM', async () => {
    await expectNoLeak(async () => {
      // The first feature is 1 throughout, and the only one that the factors see; V is the identity.
      const values = normals('x', batch * frames * features).map((value, i) => (i % features === 0 ? 1 : value));
      const x = tf.tensor3d(values, [batch, frames, features]);
      const ones = tf.tensor2d(
        Float32Array.from({ length: features * units }, (_, i) => Number(i < units)),
        [features, units],
      );
      const kernels = () => [normal('kernel', [features, 4 * units]), normal('recurrent', [units, 4 * units], 0.5)];
      const bias = () => normal('bias', [4 * units]);
      const [multiplicative, plain] = await outputs(
        x,
        [new MultiplicativeLstm({ units, seed: 1 }), [...kernels(), ones, tf.eye(units), bias()]],
        [new Lstm({ units, seed: 1 }), [...kernels(), bias()]],
      );
      expectClose(multiplicative!, plain!, 1e-6);
      x.dispose();
    });
  });
});

await describeBackends(['cpu', 'wasm'], 'dropout of recurrent layers', () => {
  for (const name of ['tanh', 'relu', 'independent', 'second-order', 'multiplicative RNN']) {
    test(`${name}: where all previous outputs are dropped, each frame is as if it were alone`, async () => {
      await expectNoLeak(async () => {
        const layer = built(makers[name]!({ units: 8, recurrentDropout: 0.999, seed: 3 }), [null, null, 2]);
        const x = normalTensor<tf.Rank.R3>('x', [2, 5, 2]);
        const state = tf.zeros<tf.Rank.R2>([10, 8]);
        const single = tf.reshape(x, [10, 1, 2]);
        const [trained, alone] = await take(
          layer.apply(x, { training: true }) as tf.Tensor,
          layer.apply([single, state]) as tf.Tensor,
        );
        expectClose(trained!, alone!, 1e-6);
        tf.dispose([x, state, single]);
        layer.dispose();
      });
    });
  }

  test('recurrentDropout: one mask a sequence, the same at every frame', async () => {
    await expectNoLeak(async () => {
      // h = m · h₋₁ + 1 with m = 0 or 2: a unit says 1 for ever, or 1, 3, 7, 15, and never one after the other.
      const layer = built(new IndRnn({ units: 40, recurrentDropout: 0.5, seed: 3 }), [null, null, 1]);
      const weights = [tf.zeros([1, 40]), tf.ones([40]), tf.ones([40])];
      layer.setWeights(weights);
      const x = tf.zeros([3, 4, 1]);
      const [y] = await take(layer.apply(x, { training: true }) as tf.Tensor);
      const courses = Array.from({ length: 3 * 40 }, (_, i) => {
        const [b, u] = [Math.floor(i / 40), i % 40];
        return [0, 1, 2, 3].map((t) => y![(b * 4 + t) * 40 + u]).join();
      });
      expect(new Set(courses)).toEqual(new Set(['1,1,1,1', '1,3,7,15']));
      const kept = courses.filter((course) => course === '1,3,7,15').length / courses.length;
      expect(Math.abs(kept - 0.5)).toBeLessThan(0.2); // four standard deviations
      tf.dispose([x, weights]);
      layer.dispose();
    });
  });

  test.each(['lstm', 'gru', 'multiplicative LSTM'])(
    '%s: cellDropout drops nothing at rate 0 and outside training, and draws anew at every step',
    async (name) => {
      await expectNoLeak(async () => {
        const layer = built(makers[name]!({ units: 8, cellDropout: 0.5, seed: 3 } as never), [null, null, 2]);
        const plain = built(makers[name]!({ units: 8, seed: 3 }), [null, null, 2]);
        const x = normalTensor<tf.Rank.R3>('x', [2, 5, 2]);
        const at = (step: number) => {
          setTrainingStep({ layers: [layer] }, step);
          return layer.apply(x, { training: true }) as tf.Tensor;
        };
        const [first, again, next, otherwise, without] = await take(
          ...[at(1), at(1), at(2), layer.apply(x) as tf.Tensor, plain.apply(x, { training: true }) as tf.Tensor],
        );
        expect(again).toEqual(first);
        expect(next).not.toEqual(first);
        expectClose(otherwise!, without!, 1e-6);
        expect(first).not.toEqual(otherwise);
        tf.dispose(x);
        layer.dispose();
        plain.dispose();
      });
    },
  );

  test('Dropout of rate 0 is the identity', async () => {
    await expectNoLeak(async () => {
      const layer = built(new Dropout({ rate: 0, seed: 1 }), [null, 3]);
      const x = normalTensor<tf.Rank.R2>('x', [2, 3]);
      const [y] = await take(layer.apply(x, { training: true }) as tf.Tensor);
      expect(y).toEqual(normals('x', 6));
      x.dispose();
      layer.dispose();
    });
  });
});

test.each([
  [
    () => new IndRnn({ units: 2, recurrentLimit: 0, seed: 1 }),
    /Cannot make IndRnn: recurrentLimit must be a number from 0.000001 to 1000000, got 0/,
  ],
  [
    () => new IndRnn({ units: 2, activation: 'sigmoid' as never, seed: 1 }),
    /activation must be one of 'tanh', 'relu', got "sigmoid"/,
  ],
  [
    () => new SecondOrder({ units: 2, activation: 'step' as never, seed: 1 }),
    /Cannot make SecondOrder: activation must be/,
  ],
  [
    () => new MultiplicativeRnn({ units: 2, activation: 'step' as never, seed: 1 }),
    /Cannot make MultiplicativeRnn: activation/,
  ],
  [
    () => new MultiplicativeLstm({ units: 2, cellDropout: 1, seed: 1 }),
    /Cannot make MultiplicativeLstm: cellDropout must be a number from 0 to below 1, got 1/,
  ],
])('errors name the rule: %s', (make, message) => {
  expect(make).toThrow(message);
});
