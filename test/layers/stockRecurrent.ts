// a recurrent layer and its stock counterpart → tests that weights are interchangeable and outputs equal

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import type { Direction, RecurrentLayerOptions } from '../../src/layers/recurrent/recurrentOptions.ts';
import { expectClose, normals, normalTensor, take } from '../support/arrays.ts';
import { expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

/** What the stock layers are made with; their own orthogonal initialiser fails with tfjs-core and tfjs-layers alone. */
export const stockOptions = { units: 3, returnSequences: true, recurrentInitializer: 'glorotNormal' as const };

/** Registers the tests, within a `describe` for a backend. */
export function testAgainstStock(
  make: (options: RecurrentLayerOptions) => tfl.layers.Layer,
  makeStock: (options: object) => tfl.layers.Layer,
): void {
  for (const direction of ['forward', 'backward', 'bidirectional'] as const) {
    test(`${direction}: weights and outputs of the stock layer`, async () => {
      await expectNoLeak(async () => {
        const stock = inDirection(makeStock({}), direction);
        const own = built(make({ units: 3, direction, seed: 2 }), [null, null, 4]);
        const x = normalTensor<tf.Rank.R3>('x', [2, 5, 4]);
        const stockInput = direction === 'backward' ? tf.reverse(x, 1) : tf.clone(x);
        const stockOutput = stock.apply(stockInput) as tf.Tensor;
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

  for (const returnSequences of [true, false]) {
    test(`a masking layer before it, returnSequences ${returnSequences}: outputs and gradients of the stock layer`, async () => {
      await expectNoLeak(async () => {
        const stock = makeStock({ returnSequences });
        const own = make({ units: 3, returnSequences, seed: 2 });
        const models = [masked(own), masked(stock)] as const;
        models[0].setWeights(models[1].getWeights());
        const values = normals('x', 3 * 5 * 4);
        values.fill(-1, 3 * 4, 5 * 4); // the first sequence ends after three frames
        values.fill(-1, 5 * 4, 6 * 4); // the second begins with padding
        values.fill(-1, 12 * 4, 13 * 4); // the third has some within
        const x = tf.tensor3d(values, [3, 5, 4]);
        const results = models.map((model) => {
          const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
          const loss = () => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar;
          const { value, grads } = tf.variableGrads(loss, variables);
          return [model.predict(x) as tf.Tensor, value, ...variables.map(({ name }) => grads[name]!)];
        });
        const [actual, expected] = [await take(...results[0]!), await take(...results[1]!)];
        for (const [i, one] of expected.entries()) expectClose(actual[i]!, one, 2e-6);
        x.dispose();
        for (const model of models) model.dispose();
      });
    });
  }
}

function inDirection(layer: tfl.layers.Layer, direction: Direction): tfl.layers.Layer {
  return direction === 'bidirectional'
    ? tfl.layers.bidirectional({ layer: layer as never, mergeMode: 'concat' })
    : layer;
}

function masked(layer: tfl.layers.Layer): tfl.LayersModel {
  const input = tfl.input({ shape: [null, 4] });
  const x = tfl.layers.masking({ maskValue: -1 }).apply(input);
  return tfl.model({ inputs: input, outputs: layer.apply(x) as tfl.SymbolicTensor });
}
