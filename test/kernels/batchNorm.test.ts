import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import type { AddUp } from '../../src/core/threadTeam.ts';
import { batchNorm } from '../../src/kernels/batchNorm.ts';
import { expectClose, normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

const channels = 3;
const epsilon = 1e-3;

await describeBackends(allBackends, 'batchNorm', (backend) => {
  const tolerance = 2e-6;
  for (const shape of [
    [4, channels],
    [2, 3, channels],
    [3, 5, 9, channels], // more rows than are taken at a time
    [1, channels],
  ]) {
    for (const rectify of [false, true]) {
      test(`[${shape}], rectify ${rectify}: definition in float64, gradients by differences of it`, async () => {
        // Means far from 0, where E[x²] − E[x]² would cancel.
        const x = normals(
          'x',
          shape.reduce((a, b) => a * b),
        ).map((value, i) => value + 10 * (i % channels));
        const gamma = Float32Array.of(1.5, -0.7, 0.9);
        const beta = Float32Array.of(0.1, 0.2, -0.3);
        const dy = normals('dy', x.length);
        const [y, mean, variance, dx, dGamma, dBeta] = await run(shape, x, gamma, beta, dy, rectify);
        const expected = naive(x, gamma, beta, rectify);
        expectClose(y!, expected.y, tolerance);
        expectClose(mean!, expected.mean, 1e-6);
        expectClose(variance!, expected.variance, 2e-6);
        const loss = (...inputs: [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>]) =>
          naive(...inputs, rectify).y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
        expectClose(
          dx!,
          differences(x, (moved) => loss(moved, gamma, beta)),
          1e-5,
        );
        expectClose(
          dGamma!,
          differences(gamma, (moved) => loss(x, moved, beta)),
          1e-5,
        );
        expectClose(
          dBeta!,
          differences(beta, (moved) => loss(x, gamma, moved)),
          1e-5,
        );
      });
    }
  }

  if (backend !== 'webgpu')
    test('parts of a batch, one without much: together as the whole (oracle: the whole)', async () => {
      const rows = 37;
      const x = normals('x', rows * channels).map((value, i) => value + 10 * (i % channels) + (i > 60 ? 5 : 0));
      const gamma = Float32Array.of(1.5, -0.7, 0.9);
      const beta = Float32Array.of(0.1, 0.2, -0.3);
      const dy = normals('dy', x.length);
      for (const rectify of [false, true]) {
        const [y, mean, variance, dx, dGamma, dBeta] = await run([rows, channels], x, gamma, beta, dy, rectify);
        const parts = await inParts([0, 1, 20, rows], (from, to, addUp) =>
          run(
            ...([[to - from, channels] as number[], x.slice(from * channels, to * channels), gamma, beta] as const),
            ...([dy.slice(from * channels, to * channels), rectify, addUp] as const),
          ),
        );
        const joined = (i: number) => parts.flatMap((part) => Array.from(part[i]!));
        const added = (i: number) => parts[0]![i]!.map((_, c) => parts.reduce((sum, part) => sum + part[i]![c]!, 0));
        expectClose(joined(0), y!, tolerance);
        expectClose(joined(3), dx!, 1e-5);
        expectClose(added(4), dGamma!, 1e-5);
        expectClose(added(5), dBeta!, 1e-5);
        for (const part of parts) {
          expectClose(part[1]!, mean!, 1e-6);
          expectClose(part[2]!, variance!, 2e-6);
        }
      }
    });

  test('what is not a number is not lost, so that a training that went wrong is seen', async () => {
    const x = Float32Array.of(1, NaN, 3, 4, 5, 6);
    const [y] = await run([2, 3], x, Float32Array.of(1, 1, 1), Float32Array.of(0, 0, 0), x, true);
    expect(Array.from(y!, Number.isNaN)).toEqual([false, true, false, false, true, false]);
  });

  test('a channel that never changes becomes beta, without a gradient to x', async () => {
    const x = new Float32Array(6).fill(-65);
    const [y, , , dx] = await run([2, 3], x, Float32Array.of(2, 2, 2), Float32Array.of(1, 0, -1), x, false);
    expectClose(y!, [1, 0, -1, 1, 0, -1], 10 * tolerance);
    expectClose(dx!, [0, 0, 0, 0, 0, 0], 1e-4);
  });
});

/**
 * What threads would give, one part after the other: their sums are not known before all have been worked out, so each part is run again
 * until all its sums are those of all.
 */
async function inParts(
  bounds: readonly number[],
  runPart: (from: number, to: number, addUp: AddUp) => Promise<Float32Array[]>,
): Promise<Float32Array[][]> {
  const totals: number[][] = [];
  for (;;) {
    const own: number[][] = [];
    const parts: Float32Array[][] = [];
    let calls = 0;
    for (const [i, to] of bounds.slice(1).entries()) {
      let call = 0;
      parts.push(
        await runPart(bounds[i]!, to, (numbers) => {
          const known = totals[call];
          if (known) numbers.set(known);
          else if (call === totals.length) own.push(Array.from(numbers));
          call++;
          return numbers;
        }),
      );
      calls = call;
    }
    if (calls === totals.length) return parts;
    totals.push(own[0]!.map((_, k) => own.reduce((sum, numbers) => sum + numbers[k]!, 0)));
  }
}

async function run(
  shape: number[],
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  dy: Float32Array,
  rectify: boolean,
  addUp?: AddUp,
): Promise<Float32Array[]> {
  return expectNoLeak(async () => {
    const inputs = [tf.tensor(x, shape), tf.tensor(gamma), tf.tensor(beta)];
    const dyTensor = tf.tensor(dy, shape);
    const op = (...[x, gamma, beta]: tf.Tensor[]) =>
      batchNorm({ x: x!, gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D }, { epsilon, rectify, addUp });
    const { y, mean, variance } = op(...inputs);
    const gradients = tf.grads((...list) => op(...list).y)(inputs, dyTensor);
    const values = await take(y, mean, variance, ...gradients);
    tf.dispose([inputs, dyTensor]);
    return values;
  });
}

/** Ioffe & Szegedy 2015, algorithm 1, channel by channel. */
function naive(x: ArrayLike<number>, gamma: ArrayLike<number>, beta: ArrayLike<number>, rectify: boolean) {
  const y = new Float64Array(x.length);
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const own = Array.from(x).filter((_, i) => i % channels === c);
    mean[c] = own.reduce((a, b) => a + b) / own.length;
    variance[c] = own.reduce((sum, value) => sum + (value - mean[c]!) ** 2, 0) / own.length;
    for (let i = c; i < x.length; i += channels) {
      const value = (gamma[c]! * (x[i]! - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + beta[c]!;
      y[i] = rectify ? Math.max(0, value) : value;
    }
  }
  return { y, mean, variance };
}

function differences(values: Float32Array, loss: (moved: Float64Array) => number): Float64Array {
  const moved = Float64Array.from(values);
  return moved.map((value, i) => {
    moved[i] = value + 1e-5;
    const above = loss(moved);
    moved[i] = value - 1e-5;
    const below = loss(moved);
    moved[i] = value;
    return (above - below) / 2e-5;
  });
}
