import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import { conv2d } from '../../src/kernels/conv2d.ts';
import { outputSize, type Padding, type Strides } from '../../src/kernels/padding.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

interface Case {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides: Strides;
  padding: Padding;
}

const cases: Case[] = [
  { x: [2, 5, 7, 3], filter: [3, 3, 3, 4], strides: [1, 1], padding: 'same' },
  { x: [2, 6, 5, 1], filter: [3, 3, 1, 5], strides: [1, 1], padding: 'valid' },
  { x: [1, 6, 7, 2], filter: [2, 4, 2, 3], strides: [1, 1], padding: 'same' }, // even: more padding after than before
  { x: [2, 7, 8, 2], filter: [3, 3, 2, 3], strides: [2, 2], padding: 'same' },
  { x: [2, 8, 9, 2], filter: [3, 5, 2, 2], strides: [2, 3], padding: 'valid' },
  { x: [1, 1, 9, 2], filter: [3, 3, 2, 2], strides: [1, 2], padding: 'same' }, // a single frame
  { x: [3, 4, 4, 2], filter: [1, 1, 2, 2], strides: [1, 1], padding: 'same' },
];

await describeBackends(allBackends, 'conv2d', () => {
  for (const item of cases) {
    test(`outputs and gradients: definition in float64, ${JSON.stringify(item)}`, async () => {
      const expected = naive(item);
      const [y, dx, dFilter] = await run(item);
      expectClose(y!, expected.y, 1e-6);
      expectClose(dx!, expected.dx, 1e-6);
      expectClose(dFilter!, expected.dFilter, 1e-6);
    });
  }

  test('filter gradient of more weights than a tile of a program, at more positions than it reads at a time', async () => {
    const item: Case = { x: [3, 30, 31, 5], filter: [3, 3, 5, 36], strides: [1, 1], padding: 'same' };
    const [, , dFilter] = await run(item);
    expectClose(dFilter!, naive(item).dFilter, 1e-5); // float32 sums of 2790 products; definition in float64
  });

  test('only the gradients asked for are computed', async () => {
    await expectNoLeak(async () => {
      const { x, filter } = tensors(cases[0]!);
      const kernels = await tf.profile(() =>
        tf.grad((f) => conv2d(x, f as tf.Tensor4D, undefined, { strides: [1, 1], padding: 'same', rectify: false }))(
          filter,
        ),
      );
      expect(kernels.kernelNames).not.toContain('Reverse'); // the input gradient flips the filters
      tf.dispose([x, filter, kernels.result as tf.Tensor]);
    });
  });
});

await describeBackends(['wasm'], 'filter gradient', () => {
  test('a batch laid out in several blocks: definition in float64', async () => {
    // 9 · 24 rows of 96 · 80 positions are 6.6 MB an example: one example a block.
    const item: Case = { x: [3, 96, 80, 24], filter: [3, 3, 24, 2], strides: [1, 1], padding: 'same' };
    const [, , dFilter] = await run(item);
    expectClose(dFilter!, naive(item).dFilter, 1e-5); // float32 sums of 23 040 products
  });
});

function tensors({ x, filter }: Case) {
  return { x: normalTensor<tf.Rank.R4>('x', x), filter: normalTensor<tf.Rank.R4>('filter', filter) };
}

/** y = conv(x), and the gradients of Σ dy ⊙ y for a made-up dy. */
async function run(item: Case): Promise<Float32Array[]> {
  return expectNoLeak(async () => {
    const { x, filter } = tensors(item);
    const op = (a: tf.Tensor, b: tf.Tensor) =>
      conv2d(a as tf.Tensor4D, b as tf.Tensor4D, undefined, {
        strides: item.strides,
        padding: item.padding,
        rectify: false,
      });
    const y = op(x, filter);
    const dy = normalTensor('dy', y.shape);
    const [dx, dFilter] = tf.grads(op)([x, filter], dy) as [tf.Tensor, tf.Tensor];
    const values = await take(y, dx, dFilter);
    tf.dispose([x, filter, dy]);
    return values;
  });
}

/** Sums over the products, one by one. */
function naive({ x: xShape, filter: filterShape, strides, padding }: Case) {
  const [batch, height, width, inputs] = xShape;
  const [filterHeight, filterWidth, , outputs] = filterShape;
  const outHeight = outputSize(height, filterHeight, strides[0], padding)!;
  const outWidth = outputSize(width, filterWidth, strides[1], padding)!;
  const top =
    padding === 'same' ? Math.floor(Math.max(0, (outHeight - 1) * strides[0] + filterHeight - height) / 2) : 0;
  const left = padding === 'same' ? Math.floor(Math.max(0, (outWidth - 1) * strides[1] + filterWidth - width) / 2) : 0;
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const read = (name: string, shape: number[]) => tf.tidy(() => normalTensor(name, shape as never).dataSync());
  const x = read('x', xShape);
  const filter = read('filter', filterShape);
  const dy = read('dy', [batch, outHeight, outWidth, outputs]);
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(size(xShape));
  const dFilter = new Float64Array(size(filterShape));
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let ky = 0; ky < filterHeight; ky++)
          for (let kx = 0; kx < filterWidth; kx++) {
            const iy = oy * strides[0] + ky - top;
            const ix = ox * strides[1] + kx - left;
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            for (let c = 0; c < inputs; c++)
              for (let o = 0; o < outputs; o++) {
                const i = ((n * height + iy) * width + ix) * inputs + c;
                const w = ((ky * filterWidth + kx) * inputs + c) * outputs + o;
                const j = ((n * outHeight + oy) * outWidth + ox) * outputs + o;
                y[j]! += x[i]! * filter[w]!;
                dx[i]! += dy[j]! * filter[w]!;
                dFilter[w]! += dy[j]! * x[i]!;
              }
          }
  return { y, dx, dFilter };
}
