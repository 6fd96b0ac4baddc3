import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { simd } from '../../src/kernels/backends/simd/simd.ts';
import { maxBlurPool2d } from '../../src/kernels/maxBlurPool2d.ts';
import { memoryOf, wasmBackend } from '../../src/kernels/tfjs/wasmBackend.ts';
import { testAgainstPyTorch as testLayersAgainstPyTorch } from '../layers/pytorch.ts';
import { expectClose, take } from '../support/arrays.ts';
import { testAgainstPyTorch } from './pytorch.ts';

/* In the project `isolated` once more, in a page that is cross-origin isolated. */
for (const backend of ['webgl', 'wasm']) {
  describe(`kernels on ${backend} in a browser`, () => {
    beforeAll(async () => {
      if (backend === 'wasm') setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/');
      await tf.setBackend(backend);
      await tf.ready();
    });
    testAgainstPyTorch();
    testLayersAgainstPyTorch(1e-5); // the exponentials of a shader are its driver's
    test('anti-aliased pooling: outputs and gradient by hand', async () => {
      const x = tf.tensor4d([4, 1, 2, 8, 3], [1, 5, 1, 1]);
      const dy = tf.tensor4d([1, 10, 100], [1, 3, 1, 1]);
      const pool = (input: tf.Tensor) => maxBlurPool2d(input as tf.Tensor4D, [2, 1]);
      // Maxima 4, 4, 2, 8, 8, 3 of windows that end with each input or behind the last.
      const [y, dx] = await take(pool(x), tf.grad(pool)(x, dy));
      expectClose(y!, [(4 + 2 * 4 + 2) / 4, (2 + 2 * 8 + 8) / 4, (8 + 2 * 3) / 3], 1e-6);
      expectClose(dx!, [3 / 4, 0, 1 / 4 + 10 / 4, 30 / 4 + 100 / 3, 200 / 3], 1e-6);
      tf.dispose([x, dy]);
    });
    test('SIMD kernels are in use on wasm, in memory that is shared where the page is isolated', () => {
      expect(simd() !== undefined).toBe(backend === 'wasm');
      const memory = wasmBackend() && memoryOf(wasmBackend()!);
      if (memory) expect(memory.buffer instanceof ArrayBuffer).toBe(!crossOriginIsolated);
    });
  });
}
