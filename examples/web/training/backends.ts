// the chosen backend → started in this worker, or the one that runs everywhere, with the reason why

import * as tf from '@tensorflow/tfjs-core';
import { BACKEND_TITLES, type BackendName, whyNot } from '../engine/availability.ts';
import { startBackend } from '../engine/backends.ts';
import type { Progress } from './messages.ts';

/** The backends of this worker. */
export class Backends {
  readonly #started = new Set<BackendName>();

  /** @throws {Error} when none runs here */
  async start(backend: BackendName, tell: (progress: Progress) => void): Promise<void> {
    const reason = await this.#fault(backend);
    if (!reason) return tell({ type: 'backend', words: `Computing with ${BACKEND_TITLES[backend]}.` });
    const other = backend === 'wasm' ? reason : await this.#fault('wasm');
    if (other) throw new Error(`Nothing here can train: ${other}.`);
    const words = `${BACKEND_TITLES[backend]} cannot be used: ${reason}. Computing with ${BACKEND_TITLES.wasm} instead.`;
    tell({ type: 'backend', words });
  }

  /** Starts a backend, or gives the reason why it cannot. */
  async #fault(backend: BackendName): Promise<string | undefined> {
    try {
      const reason = await whyNot(backend);
      if (reason) return reason;
      // The second time it is loaded already, and the path of its files must not be set again.
      if (this.#started.has(backend)) await tf.setBackend(backend);
      else await startBackend(backend);
      this.#started.add(backend);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
