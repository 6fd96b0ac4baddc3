// stored values of PyTorch → tests of the kernels on the backend that is active, in Node and in browsers alike

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { test } from 'vitest';
import { batchNorm } from '../../src/kernels/batchNorm.ts';
import { type Conv2dAttributes, conv2d } from '../../src/kernels/conv2d.ts';
import { dense } from '../../src/kernels/dense.ts';
import { maxPool2d } from '../../src/kernels/maxPool2d.ts';
import reference from '../reference/kernels/values.json' with { type: 'json' };
import { expectClose, take } from '../support/arrays.ts';
import { expectNoLeak } from '../support/leaks.ts';

const kernels: Record<string, (inputs: tf.Tensor[], options: object) => tf.Tensor> = {
  conv2d: ([x, filter, bias], options) =>
    conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, bias as tf.Tensor1D | undefined, options as Conv2dAttributes),
  maxPool2d: ([x], options) => maxPool2d(x as tf.Tensor4D, (options as { size: [number, number] }).size),
  batchNorm: ([x, gamma, beta], options) =>
    batchNorm(
      { x: x!, gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D },
      options as { epsilon: number; rectify: boolean },
    ).y,
  dense: ([x, kernel, bias]) => dense(x!, kernel as tf.Tensor2D, bias as tf.Tensor1D),
};

/** Defines a test for each stored case. */
export function testAgainstPyTorch(): void {
  for (const { name, kind, options, inputs, dy, y, gradients } of reference.cases) {
    test(`${kind}, ${name}: outputs and all gradients, PyTorch in float64`, async () => {
      const [output, ...own] = await expectNoLeak(async () => {
        const tensors = Object.values(inputs).map(({ values, shape }) => tf.tensor(values, shape));
        const gradient = tf.tensor(dy.values, dy.shape);
        const run = (...list: tf.Tensor[]) => tf.tidy(() => kernels[kind]!(list, options));
        const results = await take(run(...tensors), ...tf.grads(run)(tensors, gradient));
        tf.dispose([tensors, gradient]);
        return results;
      });
      expectClose(output!, y, 5e-6);
      for (const [i, expected] of Object.values(gradients).entries()) expectClose(own[i]!, expected, 5e-6);
    });
  }
}
