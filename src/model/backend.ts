// tfjs → a backend that is ready, or an error that names what to import

import * as tf from '@tensorflow/tfjs-core';
import { guardWasm } from '../kernels/wasmGuard.ts';

/**
 * Waits for the host's backend.
 *
 * @param action what needs the backend, for messages
 * @throws {Error} when none is registered with the copy of tfjs-core that this library uses, or none can start
 */
export async function requireBackend(action: string): Promise<void> {
  checkRegistered(action);
  try {
    await tf.ready();
  } catch (cause) {
    const names = Object.keys(tf.engine().registryFactory).join(', ');
    throw new Error(`Cannot ${action}: no registered TensorFlow.js backend could start (${names})`, { cause });
  }
  guardWasm();
}

/**
 * Checks that the host's backend can be used at once, for what is synchronous and cannot wait.
 *
 * @param action what needs the backend, for messages
 * @throws {Error} when none is registered, or it has not started
 */
export function requireStartedBackend(action: string): void {
  checkRegistered(action);
  try {
    tf.backend();
  } catch (cause) {
    // Not tf.ready(): called too early, it starts the backend and leaves it unused.
    const factories = Object.entries(tf.engine().registryFactory);
    const [name] = factories.reduce((best, other) => (other[1].priority > best[1].priority ? other : best))!;
    throw new Error(
      `Cannot ${action}: the TensorFlow.js backend must have started, await tf.setBackend of '${name}' first`,
      { cause },
    );
  }
  guardWasm();
}

function checkRegistered(action: string): void {
  if (Object.keys(tf.engine().registryFactory).length > 0) return;
  throw new Error(
    `Cannot ${action}: no TensorFlow.js backend is registered. Import one first, e.g. ` +
      `import '@tensorflow/tfjs-backend-wasm' (or -cpu, -webgl, -webgpu). If one is imported, there are two copies of ` +
      '@tensorflow/tfjs-core: npm ls @tensorflow/tfjs-core lists them',
  );
}
