import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { deltas } from '../../src/features/deltas.ts';
import { Deltas } from '../../src/layers/deltas.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { expectClose, normals } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

const [batch, frames, bins] = [2, 7, 3] as const;
const values = normals('x', batch * frames * bins);

await describeBackends(allBackends, 'Deltas', () => {
  for (const windowLength of [3, 5, 9]) {
    test(`are the features, their deltas and delta-deltas, over ${windowLength} frames (oracle: deltas of the features)`, async () => {
      await expectNoLeak(async () => {
        const clips = Array.from({ length: batch }, (_, b) => {
          const own = Float32Array.from(values.slice(b * frames * bins, (b + 1) * frames * bins));
          const picture = { values: own, frames, bins };
          const slope = deltas(picture, { windowLength });
          return [picture, slope, deltas(slope, { windowLength })];
        });
        const wanted = clips.flatMap((channels) =>
          Array.from({ length: frames * bins }, (_, i) => channels.map((channel) => channel.values[i]!)).flat(),
        );
        const layer = new Deltas({ windowLength });
        const x = tf.tensor4d(values, [batch, frames, bins, 1]);
        const y = layer.apply(x) as tf.Tensor;
        expect(y.shape).toEqual(layer.computeOutputShape(x.shape));
        expectClose(Array.from(await y.data()), wanted, 1e-5);
        tf.dispose([x, y]);
      });
    });
  }

  test('pass gradients on: those of a linear map are the same wherever they are taken (property)', async () => {
    await expectNoLeak(async () => {
      const layer = new Deltas({ order: 1 });
      const gradientAt = async (x: tf.Tensor) => {
        const weights = tf.tensor(normals('w', 2 * batch * frames * bins), [batch, frames, bins, 2]);
        const gradient = tf.grad((input) => tf.sum(tf.mul(layer.apply(input) as tf.Tensor, weights)))(x);
        const found = Array.from(await gradient.data());
        const value = tf.tidy(() => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, weights)));
        const [inner] = await value.data();
        const own = Array.from(await x.data());
        expect(found.reduce((sum, g, i) => sum + g * own[i]!, 0)).toBeCloseTo(inner!, 3); // f(x) = ∇f · x
        tf.dispose([weights, gradient, value]);
        return found;
      };
      const x = tf.tensor4d(values, [batch, frames, bins, 1]);
      const zero = tf.zerosLike(x);
      expectClose(await gradientAt(x), await gradientAt(zero), 1e-6);
      tf.dispose([x, zero]);
    });
  });
});

test('Deltas: options are checked, and those of buildCnnLstm put them before the convolutions', async () => {
  await tf.setBackend('cpu');
  expect(() => new Deltas({ windowLength: 4 })).toThrow('windowLength must be odd, got 4');
  expect(() => new Deltas({ order: 0 })).toThrow('order must be a whole number from 1 to 8, got 0');
  const network = buildCnnLstm({ bins: 8, deltas: 2, convolution: [{ filters: 2 }], recurrent: { units: 2 } });
  expect(network.layers[1]!.getClassName()).toBe('SpeechEmotionDeltas');
  expect(network.getLayer('conv1_conv').weights[0]!.shape).toEqual([3, 3, 3, 2]);
  expect(() => buildCnnLstm({ deltas: -1 })).toThrow('deltas must be a whole number from 0 to 8, got -1');
  network.dispose();
});
