// preferred backend → TensorFlow.js ready on it, or on the next that runs here

import * as wasm from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';

wasm.setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});

/** What the page can compute on, fastest first. */
const BACKENDS = ['webgl', 'wasm'] as const;

/** @returns the backend that runs: `preferred`, or another where the browser does not offer that one */
export async function useBackend(preferred: string): Promise<string> {
  for (const name of [preferred, ...BACKENDS.filter((other) => other !== preferred)]) {
    // A backend that does not run says so on the console and gives false.
    if (await tf.setBackend(name)) return name;
  }
  throw new Error('This browser offers neither WebGL nor WebAssembly.');
}
