import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import { composedMaxBlurPool2d } from '../../src/kernels/backends/composed/maxBlurPool2d.ts';
import { hostMaxBlurPool2d } from '../../src/kernels/backends/host/maxBlurPool2d.ts';
import { maxBlurPool2d } from '../../src/kernels/maxBlurPool2d.ts';
import { maxPool2d } from '../../src/kernels/maxPool2d.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

type Pair = readonly [number, number];

const cases = [
  { shape: [2, 4, 6, 3], size: [2, 2] },
  { shape: [1, 5, 7, 2], size: [2, 2] }, // a part of a window at the end
  { shape: [3, 8, 5, 9], size: [2, 2] }, // channels no multiple of 4
  { shape: [2, 3, 8, 5], size: [1, 2] },
  { shape: [2, 7, 3, 4], size: [2, 1] },
  { shape: [2, 3, 8, 1], size: [1, 4] },
  { shape: [1, 4, 7, 2], size: [3, 3] }, // a part of a window at both ends
  { shape: [1, 2, 1, 2], size: [4, 2] },
  { shape: [2, 1, 1, 2], size: [2, 2] },
  { shape: [1, 3, 4, 2], size: [1, 1] },
] as { shape: [number, number, number, number]; size: [number, number] }[];

await describeBackends(allBackends, 'maxBlurPool2d', (backend) => {
  for (const { shape, size } of cases) {
    test(`[${shape}] by [${size}]: definition, window by window`, async () => {
      const [x, y, dy, dx] = await expectNoLeak(async () => {
        const x = normalTensor<tf.Rank.R4>('x', shape);
        const op = (input: tf.Tensor) => maxBlurPool2d(input as tf.Tensor4D, size);
        const y = op(x);
        const dy = normalTensor('dy', y.shape);
        return take(x, y, dy, tf.grad(op)(x, dy));
      });
      const expected = naive(shape, size, x!, dy!);
      expectClose(y!, expected.y, 3e-7);
      expectClose(dx!, expected.dx, 5e-7);
    });
  }

  test('gradient: differences of the outputs', async () => {
    const [shape, size, step] = [[1, 5, 6, 2] as [number, number, number, number], [2, 2] as Pair, 1e-2];
    await expectNoLeak(async () => {
      // Values that are further apart than the step, so that no maximum changes.
      const values = Float32Array.from({ length: 60 }, (_, i) => ((i * 37) % 60) / 20);
      const weights = normalTensor('weights', [1, 3, 3, 2]);
      const loss = (x: tf.Tensor) => tf.sum(tf.mul(maxBlurPool2d(x as tf.Tensor4D, size), weights)) as tf.Scalar;
      const x = tf.tensor4d(values, shape);
      const [gradient] = await take(tf.grad(loss)(x));
      const numeric: number[] = [];
      for (let i = 0; i < values.length; i++) {
        const at = async (value: number) => {
          const moved = tf.tensor4d(values.with(i, value), shape);
          const [result] = await take(tf.tidy(() => loss(moved)));
          moved.dispose();
          return result![0]!;
        };
        numeric.push(((await at(values[i]! + step)) - (await at(values[i]! - step))) / (2 * step));
      }
      expectClose(gradient!, numeric, 2e-4);
      tf.dispose([x, weights]);
    });
  });

  test('a map that moves by the stride moves its outputs by one, and one of a single value keeps it', async () => {
    await expectNoLeak(async () => {
      const long = normalTensor<tf.Rank.R4>('long', [1, 20, 18, 4]);
      const parts = [0, 2].map((start) => tf.slice(long, [0, start, start, 0], [1, 18, 16, 4]));
      const [a, b] = parts.map((part) => maxBlurPool2d(part, [2, 2])) as [tf.Tensor4D, tf.Tensor4D];
      const flat = tf.fill([1, 5, 4, 3], -2.5) as tf.Tensor4D;
      const [inA, inB, of] = await take(
        tf.slice(a, [0, 2, 2, 0], [1, 6, 5, 4]),
        tf.slice(b, [0, 1, 1, 0], [1, 6, 5, 4]),
        maxBlurPool2d(flat, [2, 2]),
      );
      expectClose(inA!, inB!, backend === 'webgpu' ? 1e-6 : 0);
      expectClose(of!, new Float32Array(of!.length).fill(-2.5), 2e-7);
      tf.dispose([long, flat, a, b, ...parts]);
    });
  });

  // Skipped on webgpu: the stock kernel that it uses there settles ties in its own way.
  test.skipIf(backend === 'webgpu')('of equal values in a window, the first takes the gradient', async () => {
    const [dx] = await expectNoLeak(() => {
      const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
      const gradient = tf.grad((input) => maxBlurPool2d(input as tf.Tensor4D, [2, 2]))(x);
      x.dispose();
      return take(gradient);
    });
    expect([...dx!]).toEqual([0.5625, 0.1875, 0.1875, 0.0625]);
  });
});

await describeBackends(['cpu'], 'maxBlurPool2d', () => {
  for (const { shape, size } of cases) {
    test(`[${shape}] by [${size}]: loops over arrays do what stock kernels do`, async () => {
      await expectNoLeak(async () => {
        const x = normalTensor<tf.Rank.R4>('x', shape);
        const run = ({ forward, gradient }: typeof composedMaxBlurPool2d) =>
          tf.tidy(() => {
            const [y] = forward({ x }, { size });
            return [y!, gradient([normalTensor('dy', y!.shape)], { x }, [y!], { size }).x!()];
          });
        const [expected, actual] = [await take(...run(composedMaxBlurPool2d)), await take(...run(hostMaxBlurPool2d))];
        for (const [i, values] of expected.entries()) expectClose(actual[i]!, values, 5e-7);
        x.dispose();
      });
    });
  }

  test('changes less than plain pooling when its input moves by one', async () => {
    const [blurred, plain] = await expectNoLeak(() => {
      const changes = tf.tidy(() => {
        // Noise that changes no faster than what convolutions make of features.
        const noise = normalTensor<tf.Rank.R4>('noise', [1, 402, 1, 1]);
        const smooth = tf.avgPool(noise, [3, 1], 1, 'valid');
        const change = (pool: typeof maxPool2d) => {
          const inside = (start: number) =>
            tf.slice(pool(tf.slice(smooth, [0, start], [1, 398]), [2, 1]), [0, 5], [1, 180]);
          return tf.mean(tf.square(tf.sub(inside(0), inside(1))));
        };
        return [change(maxBlurPool2d), change(maxPool2d)];
      });
      return take(...changes);
    });
    expect(blurred![0]!).toBeLessThan(plain![0]! / 2);
  });
});

/** The definition, in float64: all windows with an input, their weights, and the gradient given to where a maximum was found. */
function naive([batch, height, width, channels]: number[], size: Pair, x: Float32Array, dy: Float32Array) {
  const [rows, columns] = [axis(height!, size[0]), axis(width!, size[1])];
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  let out = 0;
  for (let n = 0; n < batch!; n++)
    for (const row of rows)
      for (const column of columns)
        for (let c = 0; c < channels!; c++, out++)
          for (const { inputs: lines, weight: down } of row)
            for (const { inputs: places, weight: across } of column) {
              const all = lines.flatMap((i) => places.map((j) => ((n * height! + i) * width! + j) * channels! + c));
              const largest = all.reduce((best, i) => (x[i]! > x[best]! ? i : best));
              y[out]! += down * across * x[largest]!;
              dx[largest]! += down * across * dy[out]!;
            }
  return { y, dx };
}

/** For each output along an axis, the windows that it is made of, and what each counts. Padding: half of it, rounded down, first. */
function axis(inputs: number, size: number): { inputs: number[]; weight: number }[][] {
  const outputs = Math.ceil(inputs / size);
  const before = Math.floor((outputs * size - inputs) / 2);
  return Array.from({ length: outputs }, (_, o) => {
    const windows = [];
    for (let shift = 1 - size; shift < size; shift++) {
      const start = o * size - before + shift;
      const within = Array.from({ length: size }, (_, i) => start + i).filter((i) => i >= 0 && i < inputs);
      if (within.length > 0) windows.push({ inputs: within, weight: size - Math.abs(shift) });
    }
    const sum = windows.reduce((total, { weight }) => total + weight, 0);
    return windows.map((window) => ({ ...window, weight: window.weight / sum }));
  });
}
