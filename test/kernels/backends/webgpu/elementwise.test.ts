import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { elementwise } from '../../../../src/kernels/backends/webgpu/elementwise.ts';
import { normals, take } from '../../../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../../../support/backends.ts';
import { countDispatches } from '../../../support/dispatches.ts';

await describeBackends(['webgpu'], 'elementwise', () => {
  test('every number once, also where there are more than invocations: the formula in JavaScript', async () => {
    await expectNoLeak(async () => {
      const values = normals('values', 300);
      const x = tf.tidy(() => tf.tile(tf.tensor1d(values), [3500])); // more than 4096 workgroups of 256
      const two = tf.scalar(2);
      let y: tf.Tensor | undefined;
      expect(countDispatches(() => (y = elementwise({ x, two }, 'above * two[0]', 'let above = x[i] + 1.0;')))).toBe(1);
      const [ys] = await take(y!);
      expect(ys!.length).toBe(300 * 3500);
      const wrong = ys!.findIndex((value, i) => Math.abs(value - 2 * (values[i % 300]! + 1)) > 1e-6);
      expect(wrong).toBe(-1);
      tf.dispose([x, two]);
    });
  });
});
