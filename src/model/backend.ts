// tfjs → a backend that is ready, or a word about what to import

import * as tf from '@tensorflow/tfjs-core';

/**
 * Waits for the host's backend.
 *
 * @param action what cannot be done without one, for the message
 * @throws {Error} when none is registered with the copy of tfjs-core that this library uses, or none can start
 */
export async function requireBackend(action: string): Promise<void> {
  if (Object.keys(tf.engine().registryFactory).length === 0) {
    throw new Error(
      `Cannot ${action}: no TensorFlow.js backend is registered. Import one first, e.g. ` +
        `import '@tensorflow/tfjs-backend-wasm' (or -cpu, -webgl, -webgpu). If one is imported, there are two copies of ` +
        '@tensorflow/tfjs-core: npm ls @tensorflow/tfjs-core lists them',
    );
  }
  try {
    await tf.ready();
  } catch (cause) {
    const names = Object.keys(tf.engine().registryFactory).join(', ');
    throw new Error(`Cannot ${action}: no registered TensorFlow.js backend could start (${names})`, { cause });
  }
}
