import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { BatchNorm } from '../../src/layers/batchNorm.ts';
import { expectClose, normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

const values = normals('x', 24).map((value, i) => 2 * value + (i % 3));
const moments = [0, 1, 2].map((c) => {
  const own = [...values].filter((_, i) => i % 3 === c);
  const mean = own.reduce((a, b) => a + b) / own.length;
  return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length };
});

await describeBackends(allBackends, 'BatchNorm', () => {
  test('training normalises by the batch and moves the averages: definition', async () => {
    await withLayer({ momentum: 0.75 }, async (layer, x) => {
      const y = await output(layer, x, true);
      expectClose(
        y,
        [...values].map((value, i) => (value - moments[i % 3]!.mean) / Math.sqrt(moments[i % 3]!.variance + 0.001)),
        1e-5,
      );
      const [, , mean, variance] = await weights(layer);
      expectClose(
        mean!,
        moments.map((own) => 0.25 * own.mean),
        1e-6,
      );
      expectClose(
        variance!,
        moments.map((own) => 0.75 + 0.25 * own.variance),
        1e-6,
      );
    });
  });

  test('inference normalises by the averages and leaves them', async () => {
    await withLayer({ activation: 'relu' }, async (layer, x) => {
      const given = [
        [1, 2, -1],
        [0.5, 0, 1],
        [0, 1, 2],
        [1, 4, 9],
      ].map((weight) => tf.tensor(weight));
      layer.setWeights(given);
      const [gamma, beta, mean, variance] = (await weights(layer)) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const y = await output(layer, x, false);
      const expected = [...values].map((value, i) => {
        const c = i % 3;
        return Math.max(0, (gamma[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + 0.001) + beta[c]!);
      });
      expectClose(y, expected, 1e-6);
      expect(await weights(layer)).toEqual([gamma, beta, mean, variance]);
      tf.dispose(given);
    });
  });

  test('a layer that is not trainable stays at inference, as in Keras', async () => {
    await withLayer({ trainable: false }, async (layer, x) => {
      expect(await output(layer, x, true)).toEqual(await output(layer, x, false));
    });
  });
});

await describeBackends(['cpu', 'wasm'], 'BatchNorm', () => {
  test('inference: stock batchNormalization with the same weights', async () => {
    await withLayer({}, async (layer, x) => {
      const stock = tfl.layers.batchNormalization({ epsilon: 0.001 });
      built(stock, x.shape);
      const given = [
        [1, 2, -1],
        [0.5, 0, 1],
        [0, 1, 2],
        [1, 4, 9],
      ].map((weight) => tf.tensor(weight));
      layer.setWeights(given);
      stock.setWeights(given);
      const [expected] = await take(stock.apply(x) as tf.Tensor);
      expectClose(await output(layer, x, false), expected!, 1e-6);
      tf.dispose(given);
      stock.dispose();
    });
  });
});

test.each([
  [{ momentum: 1 }, /momentum must be a number from 0 to below 1, got 1/],
  [{ epsilon: 0 }, /epsilon must be a number from 1e-30 to 1000000, got 0/],
  [{ activation: 'tanh' }, /activation must be one of 'linear', 'relu', got "tanh"/],
])('rejects %j', (options, message) => {
  expect(() => new BatchNorm(options as never)).toThrow(message);
});

async function withLayer(
  options: ConstructorParameters<typeof BatchNorm>[0],
  run: (layer: BatchNorm, x: tf.Tensor) => Promise<void>,
): Promise<void> {
  await expectNoLeak(async () => {
    const x = tf.tensor(values, [2, 4, 3]);
    const layer = new BatchNorm(options);
    built(layer, x.shape);
    await run(layer, x);
    layer.dispose();
    x.dispose();
  });
}

async function output(layer: BatchNorm, x: tf.Tensor, training: boolean): Promise<Float32Array> {
  const [y] = await take(layer.apply(x, { training }) as tf.Tensor);
  return y!;
}

async function weights(layer: BatchNorm): Promise<Float32Array[]> {
  return Promise.all(layer.getWeights().map((weight) => weight.data() as Promise<Float32Array>));
}
