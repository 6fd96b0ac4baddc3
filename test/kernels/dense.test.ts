import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { test } from 'vitest';
import { dense } from '../../src/kernels/dense.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

await describeBackends(allBackends, 'dense', () => {
  for (const shape of [
    [3, 4],
    [2, 3, 4],
    [1, 4],
  ]) {
    test(`[${shape}] → 5 units: stock matMul and add, with their gradients`, async () => {
      const [own, stock] = await expectNoLeak(async () => {
        const inputs = [normalTensor('x', shape as never), normalTensor('kernel', [4, 5]), normalTensor('bias', [5])];
        const dy = normalTensor('dy', [...shape.slice(0, -1), 5] as never);
        const op = (...[x, kernel, bias]: tf.Tensor[]) => dense(x!, kernel as tf.Tensor2D, bias as tf.Tensor1D);
        const reference = (...[x, kernel, bias]: tf.Tensor[]) =>
          tf.tidy(() => tf.reshape(tf.add(tf.matMul(tf.reshape(x!, [-1, 4]), kernel!), bias!), dy.shape));
        const results = [
          await take(op(...inputs), ...tf.grads(op)(inputs, dy)),
          await take(reference(...inputs), ...tf.grads(reference)(inputs, dy)),
        ];
        tf.dispose([inputs, dy]);
        return results;
      });
      for (const [i, values] of stock!.entries()) expectClose(own![i]!, values, 1e-6);
    });
  }
});
