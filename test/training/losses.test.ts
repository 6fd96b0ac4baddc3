import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { describe, expect, it } from 'vitest';
import { balancedClassWeights, crossEntropy, targetRow } from '../../src/training/losses.ts';
import reference from '../reference/training/values.json' with { type: 'json' };
import { expectClose, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak, hostBackends } from '../support/backends.ts';

await describeBackends(hostBackends, 'crossEntropy', () => {
  // 1e-7 is added to each probability, and float32 rounds: 1e-6.
  it.each(reference.crossEntropy)('is PyTorch’s, smoothing $smoothing (oracle: torch 1.13, stored)', async (given) => {
    await expectNoLeak(async () => {
      const targets = new Float32Array(24);
      for (const [i, label] of given.labels.entries()) {
        targetRow(targets.subarray(4 * i, 4 * i + 4), label, given.smoothing, [1, 1, 1, 1]);
      }
      const t = tf.tensor2d(targets, [6, 4]);
      const logits = tf.tensor2d(given.logits, [6, 4]);
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor2D) => crossEntropy(tf.softmax(x), t))(logits);
      const [loss, gradient] = await take(value, grad);
      expectClose(loss!, [given.loss], 1e-6);
      expectClose(gradient!, given.gradient, 1e-6);
      tf.dispose([t, logits]);
    });
  });

  it('is finite where the truth was given no probability', async () => {
    await expectNoLeak(async () => {
      const [p, t] = [tf.tensor2d([[0, 1]]), tf.tensor2d([[1, 0]])];
      const [loss] = await take(crossEntropy(p, t));
      expect(loss![0]).toBeCloseTo(-Math.log(1e-7), 4);
      tf.dispose([p, t]);
    });
  });
});

describe('targets', () => {
  it('smooth as (1 − s)·onehot + s/K and carry the class weight (closed form)', () => {
    const row = new Float32Array(4).fill(9);
    targetRow(row, 2, 0.2, [1, 1, 3, 1]);
    expectClose(row, [0.15, 0.15, 3 * 0.85, 0.15], 1e-7);
  });

  it('balanced class weights make the classes’ totals equal and average 1 over clips (property)', () => {
    const labels = [0, 0, 0, 0, 2, 2, 3];
    const weights = balancedClassWeights(labels, 4);
    const totals = [0, 2, 3].map((k) => weights[k]! * labels.filter((label) => label === k).length);
    for (const total of totals) expect(total).toBeCloseTo(7 / 3, 12);
    expect(weights[1]).toBe(0);
  });
});
