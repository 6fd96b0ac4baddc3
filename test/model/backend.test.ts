import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { requireBackend, requireStartedBackend } from '../../src/model/backend.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';

// No backend is imported in this file: the order of the tests matters.

it('requireBackend names packages to import where there is no backend', async () => {
  await expect(requireBackend('classify')).rejects.toThrow(
    /^Cannot classify: no TensorFlow.js backend is registered. .*@tensorflow\/tfjs-backend-wasm.* two copies of @tensorflow\/tfjs-core/,
  );
});

it('buildCnnLstm, too, which cannot wait for one', () => {
  expect(() => buildCnnLstm()).toThrow(
    /^Cannot build CNN-LSTM: no TensorFlow.js backend is registered. Import one first/,
  );
});

it('requireBackend says which backends could not start', async () => {
  tf.registerBackend('broken', () => {
    throw new Error('no such device');
  });
  await expect(requireBackend('classify')).rejects.toThrow(
    'Cannot classify: no registered TensorFlow.js backend could start (broken)',
  );
  tf.removeBackend('broken');
});

it('requireBackend waits for a backend that starts slowly', async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu');
  tf.registerBackend('slow', () => new Promise((resolve) => setTimeout(() => resolve(new MathBackendCPU()), 20)), 99);
  await requireBackend('classify');
  expect(tf.getBackend()).toBe('slow');
});

it('requireStartedBackend gives advice that can be followed', async () => {
  const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu');
  tf.removeBackend('slow');
  tf.registerBackend('later', async () => new MathBackendCPU(), 100);
  expect(() => requireStartedBackend('build')).toThrow(
    "Cannot build: the TensorFlow.js backend must have started, await tf.setBackend of 'later' first",
  );
  await tf.setBackend('later');
  requireStartedBackend('build');
  expect(tf.getBackend()).toBe('later');
});
