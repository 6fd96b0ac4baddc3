import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import { maxPool2d } from '../../src/kernels/maxPool2d.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

const cases = [
  { shape: [2, 4, 6, 3], size: [2, 2] },
  { shape: [1, 5, 7, 2], size: [2, 2] }, // a part of a window at the end
  { shape: [2, 3, 8, 1], size: [1, 4] },
  { shape: [1, 4, 7, 2], size: [3, 3] }, // a part of a window at both ends
  { shape: [1, 1, 1, 2], size: [2, 2] },
] as { shape: [number, number, number, number]; size: [number, number] }[];

await describeBackends(allBackends, 'maxPool2d', (backend) => {
  for (const { shape, size } of cases) {
    test(`[${shape}] by [${size}]: definition, window by window`, async () => {
      const [x, y, dy, dx] = await expectNoLeak(async () => {
        const x = normalTensor<tf.Rank.R4>('x', shape);
        const op = (input: tf.Tensor) => maxPool2d(input as tf.Tensor4D, size);
        const y = op(x);
        const dy = normalTensor('dy', y.shape);
        return take(x, y, dy, tf.grad(op)(x, dy));
      });
      const expected = naive(shape, size, x!, dy!);
      expectClose(y!, expected.y, 0);
      expectClose(dx!, expected.dx, 0);
    });
  }

  // Skipped on webgpu: the stock kernel that it uses there settles ties in its own way.
  test.skipIf(backend === 'webgpu')('of equal values in a window, the first takes the gradient', async () => {
    const [dx] = await expectNoLeak(() => {
      const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
      const gradient = tf.grad((input) => maxPool2d(input as tf.Tensor4D, [2, 2]))(x);
      x.dispose();
      return take(gradient);
    });
    expect([...dx!]).toEqual([1, 0, 0, 0]);
  });
});

/** The largest of each window, and the gradient given to where it was found. Padding: half of it, rounded down, first. */
function naive([batch, height, width, channels]: number[], size: [number, number], x: Float32Array, dy: Float32Array) {
  const outHeight = Math.ceil(height! / size[0]);
  const outWidth = Math.ceil(width! / size[1]);
  const top = Math.floor((outHeight * size[0] - height!) / 2);
  const left = Math.floor((outWidth * size[1] - width!) / 2);
  const y = new Float32Array(dy.length);
  const dx = new Float32Array(x.length);
  for (let n = 0; n < batch!; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let c = 0; c < channels!; c++) {
          let best = -1;
          for (let iy = oy * size[0] - top; iy < (oy + 1) * size[0] - top; iy++)
            for (let ix = ox * size[1] - left; ix < (ox + 1) * size[1] - left; ix++) {
              if (iy < 0 || iy >= height! || ix < 0 || ix >= width!) continue;
              const i = ((n * height! + iy) * width! + ix) * channels! + c;
              if (best < 0 || x[i]! > x[best]!) best = i;
            }
          const out = ((n * outHeight + oy) * outWidth + ox) * channels! + c;
          y[out] = x[best]!;
          dx[best]! += dy[out]!;
        }
  return { y, dx };
}
