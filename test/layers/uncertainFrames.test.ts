import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { type LabelReading, labelLogLikelihoods, UncertainFrames } from '../../src/layers/uncertainFrames.ts';
import reference from '../reference/layers/ctc.json' with { type: 'json' };
import { expectClose, normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

/** Σ over all sequences of e and ∅ of the given length that fit, of the product of their probabilities. */
function enumerate(
  y: readonly (readonly number[])[],
  e: number,
  reading: LabelReading,
  counts: (t: number) => boolean,
): number {
  const none = y[0]!.length - 1;
  const frames = y.filter((_, t) => counts(t));
  let total = 0;
  for (let bits = 1; bits < 2 ** frames.length; bits++) {
    const says = frames.map((_, t) => (bits >> t) & 1);
    const runs = says.filter((bit, t) => bit === 1 && says[t - 1] !== 1).length;
    if (reading === 'run' && runs !== 1) continue;
    total += frames.reduce((product, frame, t) => product * frame[says[t] ? e : none]!, 1);
  }
  return total;
}

const softmax = (logits: number[]) => {
  const exps = logits.map(Math.exp);
  return exps.map((value) => value / exps.reduce((a, b) => a + b));
};

await describeBackends(allBackends, 'uncertain frame labels', () => {
  for (const reading of ['any', 'run'] as const) {
    test(`${reading}: enumeration of all label sequences, for 1 to 8 frames; gradients by its differences`, async () => {
      for (const frames of [1, 2, 3, 5, 8]) {
        const values = normals(`logits ${frames}`, 2 * frames * 4);
        const rows = (flat: ArrayLike<number>, b: number) =>
          Array.from({ length: frames }, (_, t) =>
            softmax(Array.from({ length: 4 }, (_, k) => flat[(b * frames + t) * 4 + k]!)),
          );
        const expected = (flat: ArrayLike<number>) =>
          [0, 1].flatMap((b) => [0, 1, 2].map((e) => Math.log(enumerate(rows(flat, b), e, reading, () => true))));
        const dy = normals('dy', 6);
        const slopes = Array.from(values, (_, i) => {
          const loss = (h: number) =>
            expected(Array.from(values, (value, j) => value + (i === j ? h : 0))).reduce(
              (sum, y, k) => sum + y * dy[k]!,
              0,
            );
          return (loss(1e-5) - loss(-1e-5)) / 2e-5;
        });
        await expectNoLeak(async () => {
          const logits = tf.tensor3d(values, [2, frames, 4]);
          const weighted = (x: tf.Tensor3D) => tf.sum(tf.mul(labelLogLikelihoods(x, reading), tf.tensor2d(dy, [2, 3])));
          const [logs, gradient] = await take(labelLogLikelihoods(logits, reading), tf.grad(weighted as never)(logits));
          expectClose(logs!, expected(values), 5e-6);
          expectClose(gradient!, slopes, 5e-6);
          logits.dispose();
        });
      }
    });

    test(`${reading}: with a mask, the enumeration over the frames that count`, async () => {
      await expectNoLeak(async () => {
        const values = normals('masked', 6 * 3);
        const mask = [1, 0, 1, 1, 0, 1];
        const y = Array.from({ length: 6 }, (_, t) => softmax([0, 1, 2].map((k) => values[t * 3 + k]!)));
        const expected = [0, 1].map((e) => Math.log(enumerate(y, e, reading, (t) => mask[t] === 1)));
        const [logits, counts] = [tf.tensor3d(values, [1, 6, 3]), tf.tensor2d(mask, [1, 6])];
        const [logs] = await take(labelLogLikelihoods(logits, reading, counts));
        expectClose(logs!, expected, 5e-6);
        tf.dispose([logits, counts]);
      });
    });

    test(`${reading}: a thousand frames of extreme logits give finite values and gradients`, async () => {
      await expectNoLeak(async () => {
        const values = normals('many', 1000 * 3).map((value) => 30 * value);
        const logits = tf.tensor3d(values, [1, 1000, 3]);
        const sum = (x: tf.Tensor3D) => tf.sum(labelLogLikelihoods(x, reading));
        const [logs, gradient] = await take(labelLogLikelihoods(logits, reading), tf.grad(sum as never)(logits));
        expect([...logs!, ...gradient!].every(Number.isFinite)).toBe(true);
        expect(logs!.every((value) => value <= 0)).toBe(true);
        logits.dispose();
      });
    });
  }

  test('run: a CTC of one symbol, PyTorch in float64, up to a thousand frames', async () => {
    for (const { frames, logits, losses, gradients } of reference.cases) {
      await expectNoLeak(async () => {
        const x = tf.tensor3d(logits, [1, frames, 3]);
        const negative = (e: number) => (input: tf.Tensor3D) =>
          tf.neg(tf.sum(tf.slice(labelLogLikelihoods(input, 'run'), [0, e], [1, 1])));
        const [logs] = await take(labelLogLikelihoods(x, 'run'));
        for (const [e, loss] of losses.entries()) {
          expect(Math.abs(-logs![e]! - loss) / Math.max(1, loss)).toBeLessThan(1e-5);
          const [gradient] = await take(tf.grad(negative(e) as never)(x));
          expectClose(gradient!.slice(0, gradients[e]!.length), gradients[e]!, 2e-4);
        }
        x.dispose();
      });
    }
  });

  test('the layer: a distribution over the emotions, in the proportion of the likelihoods', async () => {
    await expectNoLeak(async () => {
      const layer = built(new UncertainFrames({ reading: 'run' }), [null, null, 4]);
      const logits = tf.tensor3d(normals('logits', 2 * 5 * 4), [2, 5, 4]);
      expect(layer.computeOutputShape(logits.shape)).toEqual([2, 3]);
      const [y, logs] = await take(layer.apply(logits) as tf.Tensor, labelLogLikelihoods(logits, 'run'));
      const expected = [0, 1].flatMap((b) => softmax([...logs!.slice(3 * b, 3 * b + 3)]));
      expectClose(y!, expected, 1e-6);
      logits.dispose();
      layer.dispose();
    });
  });
});

test('errors name the rule', () => {
  expect(() => new UncertainFrames({ reading: 'all' as never })).toThrow(
    /Cannot make UncertainFrames: reading must be one of 'any', 'run', got "all"/,
  );
  expect(() => new UncertainFrames().computeOutputShape([null, 4, 1])).toThrow(
    /must be \[batch, frames, emotions \+ 1\]/,
  );
});
