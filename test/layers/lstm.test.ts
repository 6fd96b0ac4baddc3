import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { Lstm } from '../../src/layers/lstm.ts';
import reference from '../reference/layers/values.json' with { type: 'json' };
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

await describeBackends(allBackends, 'Lstm', () => {
  for (const item of reference.cases) {
    test(`${item.name}: outputs and all gradients, PyTorch in float64`, async () => {
      await expectNoLeak(async () => {
        const { batch, frames, features, units, bidirectional } = item;
        const layer = new Lstm({ units, direction: bidirectional ? 'bidirectional' : 'forward', seed: 1 });
        built(layer, [null, null, features]);
        const shapes = layer.getWeights().map((weight) => weight.shape);
        const weights = item.weights.map((values, i) => tf.tensor(values, shapes[i]!));
        layer.setWeights(weights);
        const x = tf.tensor(item.x, [batch, frames, features]);
        const dy = tf.tensor(item.dy, [batch, frames, units * (bidirectional ? 2 : 1)]);

        const y = layer.apply(x) as tf.Tensor;
        const dx = tf.grad((input) => layer.apply(input) as tf.Tensor)(x, dy);
        const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const { value, grads } = tf.variableGrads(
          () => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, dy)) as tf.Scalar,
          variables,
        );
        const [own, ownDx, ...ownWeights] = await take(y, dx, ...variables.map(({ name }) => grads[name]!));
        expectClose(own!, item.y, 2e-6);
        expectClose(ownDx!, item.dx, 2e-6);
        for (const [i, expected] of item.dWeights.entries()) expectClose(ownWeights[i]!, expected, 2e-6);
        tf.dispose([x, dy, value, weights]);
        layer.dispose();
      });
    });
  }
});

await describeBackends(['cpu', 'wasm'], 'Lstm', () => {
  for (const direction of ['forward', 'backward', 'bidirectional'] as const) {
    test(`${direction}: weights and outputs of tf.layers.lstm with sigmoid gates`, async () => {
      await expectNoLeak(async () => {
        const stockOptions = { units: 3, returnSequences: true, recurrentActivation: 'sigmoid' as const };
        const stockLstm = tfl.layers.lstm({ ...stockOptions, recurrentInitializer: 'glorotNormal' });
        const stock =
          direction === 'bidirectional'
            ? tfl.layers.bidirectional({ layer: stockLstm as never, mergeMode: 'concat' })
            : stockLstm;
        const own = new Lstm({ units: 3, direction, seed: 2 });
        const x = normalTensor<tf.Rank.R3>('x', [2, 5, 4]);
        const stockInput = direction === 'backward' ? tf.reverse(x, 1) : tf.clone(x);
        const stockOutput = stock.apply(stockInput) as tf.Tensor;
        built(own, [null, null, 4]);
        expect(own.getWeights().map(({ shape }) => shape)).toEqual(stock.getWeights().map(({ shape }) => shape));
        own.setWeights(stock.getWeights());
        const expected = direction === 'backward' ? tf.reverse(stockOutput, 1) : tf.clone(stockOutput);
        const [actualValues, expectedValues] = await take(own.apply(x) as tf.Tensor, expected);
        expectClose(actualValues!, expectedValues!, 1e-6);
        tf.dispose([x, stockInput, stockOutput]);
        own.dispose();
        stock.dispose();
      });
    });
  }

  test('first weights: Keras’ defaults', async () => {
    await expectNoLeak(async () => {
      const units = 6;
      const layer = new Lstm({ units, seed: 3 });
      built(layer, [null, null, 5]);
      const [kernel, recurrent, bias] = (await Promise.all(
        layer.getWeights().map((weight) => weight.data()),
      )) as Float32Array[];
      expect(Math.max(...kernel!.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / (5 + 4 * units)));
      for (let a = 0; a < units; a++)
        for (let b = 0; b < units; b++) {
          let product = 0;
          for (let i = 0; i < 4 * units; i++)
            product += recurrent![a * 4 * units + i]! * recurrent![b * 4 * units + i]!;
          expect(product).toBeCloseTo(a === b ? 1 : 0, 6); // rows are orthonormal
        }
      expect([...bias!]).toEqual([0, 1, 0, 0].flatMap((value) => new Array(units).fill(value)));
      layer.dispose();
    });
  });

  test('recurrent dropout: the outputs of the kernel whose mask is the same at every frame', async () => {
    await expectNoLeak(async () => {
      // With kernel 0 and bias 0, h stays 0 but for the bias: instead look at two frames with equal inputs. What differs
      // between a run with and one without dropout is the recurrent part only, so the first frame is the same.
      const layer = new Lstm({ units: 8, recurrentDropout: 0.5, seed: 4 });
      built(layer, [null, null, 3]);
      const x = normalTensor<tf.Rank.R3>('x', [4, 3, 3]);
      const at = async (step: number, training: boolean) => {
        layer.step = step;
        const [values] = await take(layer.apply(x, { training }) as tf.Tensor);
        return values!;
      };
      const [plain, first, again, second] = [
        await at(0, false),
        await at(0, true),
        await at(0, true),
        await at(1, true),
      ];
      const frame = (values: Float32Array, t: number) => values.filter((_, i) => Math.floor(i / 8) % 3 === t);
      expect(frame(first, 0)).toEqual(frame(plain, 0));
      expect(frame(first, 1)).not.toEqual(frame(plain, 1));
      expect(again).toEqual(first);
      expect(frame(second, 1)).not.toEqual(frame(first, 1));
      x.dispose();
      layer.dispose();
    });
  });
});

test.each([
  [{ units: 0, seed: 1 }, /units must be an integer >= 1, got 0/],
  [{ units: 2, direction: 'both', seed: 1 }, /direction must be one of forward, backward, bidirectional, got both/],
  [{ units: 2, recurrentDropout: 1, seed: 1 }, /recurrentDropout must be in \[0, 1\), got 1/],
])('rejects %j', (options, message) => {
  expect(() => new Lstm(options as never)).toThrow(message);
});
