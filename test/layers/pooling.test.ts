import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { AttentionPooling } from '../../src/layers/pooling/attentionPooling.ts';
import { FinalFrame } from '../../src/layers/pooling/finalFrame.ts';
import { MaxPooling } from '../../src/layers/pooling/maxPooling.ts';
import { MeanPooling } from '../../src/layers/pooling/meanPooling.ts';
import { StatisticsPooling } from '../../src/layers/pooling/statisticsPooling.ts';
import { expectClose, normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

const [batch, frames, features] = [2, 5, 4] as const;
const values = normals('y', batch * frames * features);
const at = (b: number, t: number, f: number) => values[(b * frames + t) * features + f]!;
const eachOutput = (value: (b: number, f: number) => number) =>
  Array.from({ length: batch * features }, (_, i) => value(Math.floor(i / features), i % features));
const mean = eachOutput(
  (b, f) => Array.from({ length: frames }, (_, t) => at(b, t, f)).reduce((a, c) => a + c) / frames,
);

await describeBackends(allBackends, 'poolings', () => {
  test('MeanPooling: definition', async () => {
    expectClose(await pool(new MeanPooling()), mean, 1e-6);
  });

  test('AttentionPooling: Mirsamadi’s equations; the mean where the query is 0, as at the start', async () => {
    expectClose(await pool(new AttentionPooling()), mean, 1e-6);
    const query = [0.5, -1, 2, 0.3];
    const expected = eachOutput((b, f) => {
      const scores = Array.from({ length: frames }, (_, t) =>
        Math.exp(query.reduce((sum, u, i) => sum + u * at(b, t, i), 0)),
      );
      const total = scores.reduce((a, c) => a + c);
      return scores.reduce((sum, score, t) => sum + (score / total) * at(b, t, f), 0);
    });
    expectClose(await pool(new AttentionPooling(), query), expected, 1e-6);
  });

  test('MeanPooling and AttentionPooling with a mask: as of the frames alone that count', async () => {
    const counted = [
      [0, 1, 2],
      [1, 2, 4],
    ];
    const mask = Array.from({ length: batch * frames }, (_, i) =>
      Number(counted[Math.floor(i / frames)]!.includes(i % frames)),
    );
    const query = [0.5, -1, 2, 0.3];
    for (const [layer, weigh] of [
      [new MeanPooling(), () => 1],
      [
        new AttentionPooling(),
        (b: number, t: number) => Math.exp(query.reduce((sum, u, i) => sum + u * at(b, t, i), 0)),
      ],
    ] as const) {
      const expected = eachOutput((b, f) => {
        const total = counted[b]!.reduce((sum, t) => sum + weigh(b, t), 0);
        return counted[b]!.reduce((sum, t) => sum + (weigh(b, t) / total) * at(b, t, f), 0);
      });
      expectClose(await pool(layer, layer instanceof AttentionPooling ? query : undefined, mask), expected, 1e-6);
    }
    const none = await pool(
      new MeanPooling(),
      undefined,
      mask.map(() => 0),
    );
    expect([...none]).toEqual(eachOutput(() => 0));
  });

  test('MaxPooling and StatisticsPooling: definitions, also with a mask', async () => {
    const every = [0, 1].map(() => Array.from({ length: frames }, (_, t) => t));
    const some = [
      [0, 1, 2],
      [1, 2, 4],
    ];
    const maskOf = (counted: number[][]) =>
      Array.from({ length: batch * frames }, (_, i) => Number(counted[Math.floor(i / frames)]!.includes(i % frames)));
    for (const [counted, mask] of [
      [every, undefined],
      [some, maskOf(some)],
    ] as const) {
      const seen = (b: number, f: number) => counted[b]!.map((t) => at(b, t, f));
      const meanOf = (list: number[]) => list.reduce((a, c) => a + c, 0) / list.length;
      const deviation = (list: number[]) => Math.sqrt(meanOf(list.map((value) => (value - meanOf(list)) ** 2)) + 1e-5);
      const max = eachOutput((b, f) => Math.max(...seen(b, f)));
      expectClose(await pool(new MaxPooling(), undefined, mask), max, 1e-6);
      const statistics = [0, 1].flatMap((b) =>
        [meanOf, deviation, (list: number[]) => Math.max(...list)].flatMap((statistic) =>
          Array.from({ length: features }, (_, f) => statistic(seen(b, f))),
        ),
      );
      expectClose(await pool(new StatisticsPooling(), undefined, mask), statistics, 1e-6);
    }
    const nothing = await pool(new MaxPooling(), undefined, maskOf([[], []]));
    expect([...nothing]).toEqual(eachOutput(() => 0));
  });

  test('FinalFrame: the last frame that each direction computed', async () => {
    expect([...(await pool(new FinalFrame()))]).toEqual(eachOutput((b, f) => at(b, frames - 1, f)));
    expect([...(await pool(new FinalFrame({ direction: 'backward' })))]).toEqual(eachOutput((b, f) => at(b, 0, f)));
    expect([...(await pool(new FinalFrame({ direction: 'bidirectional' })))]).toEqual(
      eachOutput((b, f) => at(b, f < 2 ? frames - 1 : 0, f)),
    );
  });
});

await describeBackends(['cpu', 'wasm'], 'poolings behind a mask', () => {
  test.each([
    ['MeanPooling', () => new MeanPooling(), 2],
    ['AttentionPooling', () => new AttentionPooling(), 2],
    ['MaxPooling', () => new MaxPooling(), 2],
    // Mean and maximum go with the bias, the deviation does not.
    ['StatisticsPooling', () => new StatisticsPooling(), 4],
  ])('%s passes gradients on: each of two clips follows the bias (closed form)', async (_, make, wanted) => {
    const network = tfl.sequential({
      layers: [
        tfl.layers.masking({ maskValue: 9, inputShape: [frames, features] }),
        tfl.layers.dense({ units: features, kernelInitializer: 'identity' }),
        make(),
      ],
    });
    const y = tf.tensor(values, [batch, frames, features]);
    const bias = network.trainableWeights[1]!.read() as tf.Variable;
    const { value, grads } = tf.variableGrads(() => tf.sum(network.apply(y) as tf.Tensor), [bias]);
    const [, gradient] = await take(value, grads[bias.name]!);
    expectClose(gradient!, new Array(features).fill(wanted), 1e-5);
    network.dispose();
    y.dispose();
  });
});

await describeBackends(['cpu', 'wasm'], 'AttentionPooling', () => {
  test('gradients of input and query: differences of the layer itself', async () => {
    await expectNoLeak(async () => {
      const layer = new AttentionPooling();
      built(layer, [null, frames, features]);
      const start = tf.tensor([0.5, -1, 2, 0.3]);
      layer.setWeights([start]);
      const y = tf.tensor(values, [batch, frames, features]);
      const loss = (input: tf.Tensor) => tf.tidy(() => tf.sum(tf.square(layer.apply(input) as tf.Tensor)) as tf.Scalar);
      const [dy] = await take(tf.grad(loss)(y));
      const variable = layer.trainableWeights[0]!.read() as tf.Variable;
      const result = tf.variableGrads(() => loss(y), [variable]);
      const [dQuery] = await take(result.grads[variable.name]!);
      result.value.dispose();

      const evaluate = async (moved: Float32Array, query: Float32Array) => {
        const tensors = [tf.tensor(query), tf.tensor(moved, y.shape)] as const;
        layer.setWeights([tensors[0]]);
        const [value] = await take(loss(tensors[1]));
        tf.dispose([...tensors]);
        return value![0]!;
      };
      const query = Float32Array.of(0.5, -1, 2, 0.3);
      const slope = async (array: Float32Array, i: number) => {
        const value = array[i]!;
        array[i] = value + 0.01;
        const above = await evaluate(moved, query);
        array[i] = value - 0.01;
        const below = await evaluate(moved, query);
        array[i] = value;
        return (above - below) / 0.02;
      };
      const moved = values.slice();
      for (const i of [0, 7, 23]) expect(dy![i]).toBeCloseTo(await slope(moved, i), 3); // float32 differences
      for (const i of [0, 1, 2, 3]) expect(dQuery![i]).toBeCloseTo(await slope(query, i), 3);
      tf.dispose([y, start]);
      layer.dispose();
    });
  });
});

test('reject inputs that they cannot pool', () => {
  expect(() => new FinalFrame({ direction: 'up' as never })).toThrow(/direction must be one of/);
  expect(() => new MeanPooling().computeOutputShape([null, 4])).toThrow(/must have rank 3, got shape \[,4\]/);
});

async function pool(
  layer: MeanPooling | AttentionPooling | FinalFrame | MaxPooling | StatisticsPooling,
  query?: number[],
  mask?: number[],
): Promise<Float32Array> {
  return expectNoLeak(async () => {
    const y = tf.tensor(values, [batch, frames, features]);
    built(layer, y.shape);
    const weights = query ? [tf.tensor(query)] : [];
    if (query) layer.setWeights(weights);
    const kwargs = mask ? { mask: tf.tensor2d(mask, [batch, frames], 'bool') } : {};
    const output = layer.apply(y, kwargs) as tf.Tensor;
    expect(layer.computeOutputShape(y.shape)).toEqual(output.shape);
    const [pooled] = await take(output);
    layer.dispose();
    tf.dispose([y, weights, kwargs]);
    return pooled!;
  });
}
