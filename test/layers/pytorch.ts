// stored values of PyTorch → tests of the recurrent layers on the backend that is active, in Node and in browsers alike

import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import reference from '../reference/layers/values.json' with { type: 'json' };
import { expectClose, take } from '../support/arrays.ts';
import { built } from '../support/layers.ts';
import { expectNoLeak } from '../support/leaks.ts';
import { gradientsOf, listed, makers } from './recurrent.ts';

/** Defines a test for each stored case. */
export function testAgainstPyTorch(tolerance: number): void {
  for (const item of reference.cases) {
    test(`${item.cell}, ${item.name}: outputs and all gradients, PyTorch in float64`, async () => {
      await expectNoLeak(async () => {
        const { batch, frames, features, units, bidirectional, lengths } = item;
        const direction = bidirectional ? 'bidirectional' : 'forward';
        const layer = built(makers[item.cell]!({ units, direction, returnState: true, seed: 1 }), [
          ...[null, null, features],
        ]);
        const shapes = layer.getWeights().map(({ shape }) => shape);
        const weights = item.weights.map((values, i) => tf.tensor(values, shapes[i]!));
        layer.setWeights(weights);
        const x = tf.tensor(item.x, [batch, frames, features]);
        const states = item.states.map((values) => tf.tensor(values, [batch, units]));
        const width = units * (bidirectional ? 2 : 1);
        const dy = tf.tensor(item.dy, [batch, frames, width]);
        const dLast = item.dLast.map((values) => tf.tensor(values, [batch, units]));
        const counts = Array.from({ length: batch * frames }, (_, i) =>
          lengths ? Number(i % frames < lengths[Math.floor(i / frames)]!) : 1,
        );
        const mask = tf.tensor2d(counts, [batch, frames], 'bool');

        const inputs = [x, ...states];
        const [y, ...last] = await take(...listed(layer.apply(inputs, { mask })));
        const [dx, ...rest] = await take(...gradientsOf(layer, inputs, [dy, ...dLast], { mask }));
        const counted = (values: ArrayLike<number>) =>
          Array.from(values, (value, i) => (counts[Math.floor(i / width)] ? value : 0)); // PyTorch pads with 0
        expectClose(counted(y!), item.y, tolerance);
        for (const [i, expected] of item.last.entries()) expectClose(last[i]!, expected, tolerance);
        expectClose(dx!, item.dx, tolerance);
        const expected = [...item.dStates, ...item.dWeights];
        expect(rest.length).toBe(expected.length);
        for (const [i, values] of expected.entries()) expectClose(rest[i]!, values, tolerance);
        tf.dispose([x, states, dy, dLast, mask, weights]);
        layer.dispose();
      });
    });
  }
}
