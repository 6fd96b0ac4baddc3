import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import { ensureKernels } from '../../src/kernels/stockKernels.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../support/backends.ts';

const gradients = new Map<string, Float32Array[]>();

await describeBackends(['cpu', 'wasm'], 'ensureKernels', (backend) => {
  test('filter gradients of tf.conv2d: those of the stock cpu kernel', async () => {
    ensureKernels();
    const values = await expectNoLeak(async () => {
      const x = normalTensor<tf.Rank.R4>('x', [2, 7, 6, 3]);
      const filter = normalTensor<tf.Rank.R4>('filter', [3, 3, 3, 4]);
      const all: tf.Tensor[] = [];
      for (const [strides, padding] of [
        [1, 'same'],
        [[2, 1], 'valid'],
      ] as [number | [number, number], 'same' | 'valid'][]) {
        all.push(tf.grad((f) => tf.conv2d(x, f as tf.Tensor4D, strides, padding))(filter));
      }
      const values = await take(...all);
      tf.dispose([x, filter]);
      return values;
    });
    gradients.set(backend, values);
    for (const [i, expected] of gradients.get('cpu')!.entries()) expectClose(values[i]!, expected, 1e-6);
  });

  test('replaces no kernel that is there', () => {
    ensureKernels();
    const kernel = tf.getKernel('Conv2DBackpropFilter', backend);
    ensureKernels();
    expect(tf.getKernel('Conv2DBackpropFilter', backend)).toBe(kernel);
  });
});

await describeBackends(['wasm'], 'ensureKernels', () => {
  test('says what it does not support', async () => {
    ensureKernels();
    await expectNoLeak(() => {
      const x = tf.zeros<tf.Rank.R4>([1, 5, 5, 1]);
      const attributes = { strides: 1, pad: 1, dataFormat: 'NHWC', filterShape: [3, 3, 1, 1] };
      const run = () => tf.engine().runKernel('Conv2DBackpropFilter', { x, dy: x }, attributes);
      expect(run).toThrow(/supported are NHWC with pad same or valid, got NHWC with 1/);
      x.dispose();
    });
  });
});
