import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import relaxed from '../../../../src/kernels/backends/simd/relaxed.wasm.ts';
import { simd } from '../../../../src/kernels/backends/simd/simd.ts';

// The vitest projects `relaxed` and `scalar` say which build the engine is to run; this one leaves it to the engine.
const { KERNELS: kernels = WebAssembly.validate(relaxed) ? 'relaxed' : 'simd' } = process.env;

test('the build that the engine can run is in use, and tests of it say so', async () => {
  await tf.setBackend('wasm');
  expect(WebAssembly.validate(relaxed)).toBe(
    kernels === 'relaxed' || (kernels === 'scalar' && process.versions.node >= '22'),
  );
  expect(simd() !== undefined).toBe(kernels !== 'scalar');
});

test('there are none for other backends', async () => {
  await tf.setBackend('cpu');
  expect(simd()).toBeUndefined();
});

test('one instance serves a memory', async () => {
  await tf.setBackend('wasm');
  expect(simd()).toBe(simd());
});

test.skipIf(kernels === 'scalar')('no memory for scratch is an error that says so', async () => {
  await tf.setBackend('wasm');
  expect(() => simd()!.withScratch(2 ** 32 - 8, () => 0)).toThrow('no memory for 4294967288 bytes of scratch');
});
