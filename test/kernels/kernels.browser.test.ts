import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { simd } from '../../src/kernels/backends/simd/simd.ts';
import { testAgainstPyTorch as testLayersAgainstPyTorch } from '../layers/pytorch.ts';
import { testAgainstPyTorch } from './pytorch.ts';

for (const backend of ['webgl', 'wasm']) {
  describe(`kernels on ${backend} in a browser`, () => {
    beforeAll(async () => {
      if (backend === 'wasm') setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/');
      await tf.setBackend(backend);
      await tf.ready();
    });
    testAgainstPyTorch();
    testLayersAgainstPyTorch(1e-5); // the exponentials of a shader are its driver's
    test('SIMD kernels are in use on wasm', () => expect(simd() !== undefined).toBe(backend === 'wasm'));
  });
}
