// name of a backend → TensorFlow.js ready on it

import * as tf from '@tensorflow/tfjs-core';

/** Backends of the examples; all but `cpu` are many times faster. */
export const BACKENDS = ['wasm', 'cpu', 'webgpu'] as const;

/**
 * Loads and starts a backend. The library leaves the choice to its host, so every program needs a line such as this.
 *
 * @throws {RangeError} for a name that is none of {@link BACKENDS}
 */
export async function useBackend(name: string): Promise<void> {
  tf.env().set('PROD', true); // no advertisement for tfjs-node on the console
  switch (name) {
    case 'wasm':
      await import('@tensorflow/tfjs-backend-wasm');
      break;
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      break;
    case 'webgpu':
      await provideWebGpu();
      await import('@tensorflow/tfjs-backend-webgpu');
      break;
    default:
      throw new RangeError(`Cannot start a backend: --backend must be one of ${BACKENDS.join(', ')}, got ${name}`);
  }
  if (!(await tf.setBackend(name)))
    throw new RangeError(`Cannot start a backend: ${name} does not run on this machine`);
  await tf.ready();
}

/** Node has no WebGPU; the package `webgpu` brings that of Chromium, which needs a driver for Vulkan, Metal or Direct3D. */
async function provideWebGpu(): Promise<void> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const navigator = globalThis.navigator ?? {};
  Object.defineProperty(navigator, 'gpu', { value: create([]), configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}
