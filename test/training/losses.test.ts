import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { describe, expect, it } from 'vitest';
import { amongAsked, balancedClassWeights, crossEntropy, targetRow } from '../../src/training/losses.ts';
import reference from '../reference/training/values.json' with { type: 'json' };
import { expectClose, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak, hostBackends } from '../support/backends.ts';

await describeBackends(hostBackends, 'crossEntropy', () => {
  it.each(reference.crossEntropy)('is PyTorch’s, smoothing $smoothing (oracle: torch 1.13, stored)', async (given) => {
    await expectNoLeak(async () => {
      const targets = new Float32Array(24);
      for (const [i, label] of given.labels.entries()) {
        targetRow(targets.subarray(4 * i, 4 * i + 4), label, given.smoothing, [1, 1, 1, 1]);
      }
      const t = tf.tensor2d(targets, [6, 4]);
      const logits = tf.tensor2d(given.logits, [6, 4]);
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor2D) => crossEntropy(tf.logSoftmax(x), t))(logits);
      const [loss, gradient] = await take(value, grad);
      expectClose(loss!, [given.loss], 1e-6);
      expectClose(gradient!, given.gradient, 1e-6);
      tf.dispose([t, logits]);
    });
  });

  it('of a part of a batch is its share in that of the whole (oracle: the whole)', async () => {
    await expectNoLeak(async () => {
      const logs = tf.tidy(() => tf.logSoftmax(tf.tensor2d(reference.crossEntropy[0]!.logits, [6, 4])));
      const t = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32'), 4)) as tf.Tensor2D;
      const shareOf = (from: number, to: number) =>
        tf.tidy(() =>
          crossEntropy(tf.slice2d(logs, [from, 0], [to - from, 4]), tf.slice2d(t, [from, 0], [to - from, 4]), 6),
        );
      const [whole, first, second] = await take(crossEntropy(logs as tf.Tensor2D, t), shareOf(0, 2), shareOf(2, 6));
      expectClose([first![0]! + second![0]!], whole!, 1e-6);
      tf.dispose([logs, t]);
    });
  });

  it('is what the logarithm of the probabilities gave where they are moderate (oracle: that formula)', async () => {
    await expectNoLeak(async () => {
      const logits = tf.tensor2d(reference.crossEntropy[0]!.logits, [6, 4]);
      const t = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32'), 4)) as tf.Tensor2D;
      const [now, before] = await take(
        tf.tidy(() => crossEntropy(tf.logSoftmax(logits), t)),
        tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(t, tf.log(tf.add(tf.softmax(logits), 1e-7))), 1)))),
      );
      expectClose(now!, before!, 2e-6); // the 1e-7 that was added, and float32
      tf.dispose([logits, t]);
    });
  });
});

await describeBackends(hostBackends, 'amongAsked', () => {
  it('is the softmax of the logits that were asked for, and teaches nothing about others (oracle: those logits alone)', async () => {
    await expectNoLeak(async () => {
      const [logits, all] = [
        [2, -1, 0.5, 30],
        [1, -2, 0, 0.3],
      ];
      const x = tf.tensor2d([logits!, all!]);
      const unasked = tf.tensor2d([
        [0, 1, 0, 1],
        [0, 0, 0, 0],
      ]);
      const t = tf.tensor2d([
        [0.1, 0, 0.9, 0],
        [0, 0.2, 0.8, 0],
      ]);
      const loss = (x: tf.Tensor2D) => crossEntropy(amongAsked(tf.logSoftmax(x), unasked), t);
      const { value, grad } = tf.valueAndGrad(loss)(x);
      const [got, gradient] = await take(value, grad);
      const softmax = (of: number[]) =>
        of.map((z) => Math.exp(z) / of.reduce((sum, other) => sum + Math.exp(other), 0));
      const [p, q] = [softmax([logits![0]!, logits![2]!]), softmax(all!)];
      const first = -0.1 * Math.log(p[0]!) - 0.9 * Math.log(p[1]!);
      const second = -0.2 * Math.log(q[1]!) - 0.8 * Math.log(q[2]!);
      expectClose(got!, [(first + second) / 2], 1e-5);
      expectClose(
        gradient!,
        [p[0]! - 0.1, 0, p[1]! - 0.9, 0, q[0]!, q[1]! - 0.2, q[2]! - 0.8, q[3]!].map((g) => g / 2),
        1e-5,
      );
      tf.dispose([x, unasked, t]);
    });
  });
});

describe('crossEntropy', () => {
  it('refuses targets of another shape, and none', async () => {
    await tf.setBackend('cpu');
    await expectNoLeak(() => {
      const [logs, one, none] = [tf.zeros([2, 3]), tf.zeros([1, 3]), tf.zeros([0, 3])] as tf.Tensor2D[];
      expect(() => crossEntropy(logs!, one!)).toThrow(/targets must be of the shape .* \[2,3\], .* got \[1,3\]$/);
      expect(() => crossEntropy(none!, none!)).toThrow(/and not empty, got \[0,3\]$/);
      tf.dispose([logs!, one!, none!]);
    });
  });
});

describe('targets', () => {
  it('smooth as (1 − s)·onehot + s/K and carry the class weight (closed form)', () => {
    const row = new Float32Array(4).fill(9);
    targetRow(row, 2, 0.2, [1, 1, 3, 1]);
    expectClose(row, [0.15, 0.15, 3 * 0.85, 0.15], 1e-7);
  });

  it('spread their smoothing over the labels that were asked for (closed form)', () => {
    const row = new Float32Array(4).fill(9);
    targetRow(row, 2, 0.2, [1, 1, 3, 1], [0, 2]);
    expectClose(row, [0.3, 0, 3 * 0.9, 0], 1e-6);
  });

  it('balanced class weights make the classes’ totals equal and average 1 over clips (property)', () => {
    const labels = [0, 0, 0, 0, 2, 2, 3];
    const weights = balancedClassWeights([4, 0, 2, 1]);
    const totals = [0, 2, 3].map((k) => weights[k]! * labels.filter((label) => label === k).length);
    for (const total of totals) expect(total).toBeCloseTo(7 / 3, 12);
    expect(weights[1]).toBe(0);
  });
});
