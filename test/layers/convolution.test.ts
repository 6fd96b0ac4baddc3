import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { Conv2d } from '../../src/layers/conv2d.ts';
import { Dense } from '../../src/layers/dense.ts';
import { MaxPool2d } from '../../src/layers/maxPool2d.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

await describeBackends(['cpu', 'wasm'], 'layers that tfjs has too', () => {
  const strided = { filters: 4, kernelSize: [3, 5] as [number, number], strides: [2, 1] as [number, number] };
  const pairs: [string, () => tfl.layers.Layer, () => tfl.layers.Layer, number[]][] = [
    [
      'Conv2d',
      () => new Conv2d({ filters: 4, seed: 1 }),
      () => tfl.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }),
      [2, 7, 6, 3],
    ],
    [
      'Conv2d, strided',
      () => new Conv2d({ ...strided, padding: 'valid', seed: 1 }),
      () => tfl.layers.conv2d(strided),
      [2, 7, 6, 3],
    ],
    [
      'MaxPool2d',
      () => new MaxPool2d({ size: [2, 3] }),
      () => tfl.layers.maxPooling2d({ poolSize: [2, 3], padding: 'same' }),
      [2, 7, 6, 3],
    ],
    [
      'Dense',
      () => new Dense({ units: 4, activation: 'softmax', seed: 1 }),
      () => tfl.layers.dense({ units: 4, activation: 'softmax' }),
      [3, 5],
    ],
    [
      'Dense, relu, of frames',
      () => new Dense({ units: 4, activation: 'relu', seed: 1 }),
      () => tfl.layers.dense({ units: 4, activation: 'relu' }),
      [2, 3, 5],
    ],
  ];
  for (const [name, makeOwn, makeStock, shape] of pairs) {
    test(`${name}: outputs of the stock layer with the same weights, and the shape announced`, async () => {
      await expectNoLeak(async () => {
        const x = normalTensor('x', shape as never);
        const stock = makeStock();
        const own = built(makeOwn(), shape);
        const stockOutput = stock.apply(x) as tf.Tensor;
        if (stock.weights.length > 0) own.setWeights(stock.getWeights());
        expect(own.computeOutputShape(shape)).toEqual(stockOutput.shape);
        const [actual, expected] = await take(own.apply(x) as tf.Tensor, stockOutput);
        expectClose(actual!, expected!, 1e-6);
        x.dispose();
        own.dispose();
        stock.dispose();
      });
    });
  }
});

await describeBackends(['cpu', 'wasm'], 'MaxPool2d, anti-aliased', () => {
  test('averages the maxima around each window, and keeps its option in a saved configuration only where it is set', async () => {
    await expectNoLeak(async () => {
      const layer = new MaxPool2d({ size: [2, 1], antiAlias: true });
      const again = new MaxPool2d(layer.getConfig() as never);
      const x = tf.tensor4d([4, 1, 2, 8, 3], [1, 5, 1, 1]);
      // Maxima 4 | 4, 2, 8, 8, 3 of windows that start before and at each input; [1, 2, 1] / 4 around every second.
      const [y] = await take(again.apply(x) as tf.Tensor);
      expectClose(y!, [(4 + 2 * 4 + 2) / 4, (2 + 2 * 8 + 8) / 4, (8 + 2 * 3) / 3], 1e-6);
      expect(again.computeOutputShape([1, 5, 1, 1])).toEqual([1, 3, 1, 1]);
      expect(layer.getConfig()).toMatchObject({ size: [2, 1], antiAlias: true });
      expect(new MaxPool2d({ size: [2, 1] }).getConfig()).not.toHaveProperty('antiAlias');
      x.dispose();
    });
  });
});

test.each([
  [() => new Conv2d({ filters: 1.5, seed: 1 }), /filters must be a whole number from 1 to 65536, got 1.5/],
  [
    () => new Conv2d({ filters: 2, kernelSize: [3] as never, seed: 1 }),
    /kernelSize must be a pair \[height, width\], got \[3\]/,
  ],
  [
    () => new Conv2d({ filters: 2, strides: [1, 0], seed: 1 }),
    /strides\[1\] must be a whole number from 1 to 65536, got 0/,
  ],
  [
    () => new Conv2d({ filters: 2, padding: 'full' as never, seed: 1 }),
    /padding must be one of 'same', 'valid', got "full"/,
  ],
  [() => new Conv2d({ filters: 2, seed: 1 }).build([null, 3]), /must have rank 4/],
  [() => new Conv2d({ filters: 2, seed: 1 }).build([null, 3, 3, null]), /last axis must be known/],
  [() => new MaxPool2d({ size: [0, 2] }), /size\[0\] must be a whole number from 1 to 65536, got 0/],
  [
    () => new MaxPool2d({ size: [2, 2], antiAlias: 1 as never }),
    /Cannot make MaxPool2d: antiAlias must be true or false, got 1/,
  ],
  [() => new Dense({ units: 0, seed: 1 }), /units must be a whole number from 1 to 65536, got 0/],
  [() => new Dense({ units: 2, activation: 'elu' as never, seed: 1 }), /activation must be one of/],
])('rejects options out of range, %#', (make, message) => {
  expect(make).toThrow(message);
});
