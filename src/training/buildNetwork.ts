// seed → an untrained network, by whoever knows how to build it

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { networkHash } from '../model/networkHash.ts';

/** Makes, or promises, the untrained network for a seed: the same for the same seed, and another one each time. */
export type NetworkBuilder = (seed: number) => LayersModel | Promise<LayersModel>;

/**
 * Builds a network, the caller's to dispose.
 *
 * @throws {TypeError} when what was built is none
 */
export async function buildNetwork(action: string, build: NetworkBuilder, seed: number): Promise<LayersModel> {
  const network = await build(seed);
  // By what is called here: of a network of another copy of tfjs, `train` says that it is one.
  if (typeof network?.dispose === 'function' && typeof network.predict === 'function') return network;
  const got = network === null ? 'null' : typeof network;
  throw new TypeError(`Cannot ${action}: build must give a tf.LayersModel, got ${got}`);
}

/** What tells the networks that a builder makes from others, by seed: layers and first weights. */
export class BuiltNetworks {
  readonly #action: string;
  readonly #build: NetworkBuilder;
  readonly #hashes = new Map<number, string>();

  /** @param action for messages, as in `Cannot cross-validate: …` */
  constructor(action: string, build: NetworkBuilder) {
    this.#action = action;
    this.#build = build;
  }

  /**
   * A text for the networks of these seeds together.
   *
   * @throws {RangeError} when a seed gives another network the second time: what is kept of it could not be told from another's
   */
  async hashOf(seeds: readonly number[]): Promise<string> {
    for (const seed of seeds) {
      if (this.#hashes.has(seed)) continue;
      const hash = await this.#hash(seed);
      if (this.#hashes.size === 0 && hash !== (await this.#hash(seed))) {
        throw new RangeError(
          `Cannot ${this.#action}: build must give the same network for the same seed, or no store can be kept, got other ` +
            `weights for ${seed} the second time (initialisers take seeds)`,
        );
      }
      this.#hashes.set(seed, hash);
    }
    return seeds.map((seed) => this.#hashes.get(seed)).join(' ');
  }

  async #hash(seed: number): Promise<string> {
    const network = await buildNetwork(this.#action, this.#build, seed);
    try {
      return await networkHash(network);
    } finally {
      network.dispose();
    }
  }
}
