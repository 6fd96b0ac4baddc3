// name of a backend → TensorFlow.js running on it, in this thread

import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from './availability.ts';

/** Each is loaded when it is chosen, since they are most of the page's code. */
const load: Readonly<Record<BackendName, () => Promise<void>>> = {
  async wasm() {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threaded,
    });
  },
  async webgl() {
    await import('@tensorflow/tfjs-backend-webgl');
  },
  async webgpu() {
    await import('@tensorflow/tfjs-backend-webgpu');
  },
};

/** @throws {Error} when the backend does not start */
export async function startBackend(name: BackendName): Promise<void> {
  await load[name]();
  // A backend that does not start logs an error and gives false.
  if (!(await tf.setBackend(name))) throw new Error('it does not start');
}
