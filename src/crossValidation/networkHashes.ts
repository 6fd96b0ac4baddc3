// builder + seeds → hashes by which a store recognises the untrained networks

import { networkHash } from '../model/networkHash.ts';
import { buildWith, type NetworkBuilder } from '../training/networkBuilder.ts';

/**
 * For each seed a hash of its network, layers and initial weights, and of those that are trained beside it.
 *
 * @param beside seeds of networks that are trained for every one of them, as teachers are
 * @throws {RangeError} when a seed gives another network the second time: what is stored could not be recognised then
 */
export async function networkHashes(
  action: string,
  build: NetworkBuilder,
  seeds: readonly number[],
  beside: readonly number[] = [],
): Promise<ReadonlyMap<number, string>> {
  const hashes = new Map<number, string>();
  for (const seed of new Set([...seeds, ...beside])) {
    const hash = await hashOf(action, build, seed);
    if (hashes.size === 0 && hash !== (await hashOf(action, build, seed))) {
      throw new RangeError(
        `Cannot ${action}: build must give the same network for the same seed, or no store can be kept, got other ` +
          `weights for ${seed} the second time (initialisers take seeds)`,
      );
    }
    hashes.set(seed, hash);
  }
  return new Map(seeds.map((seed) => [seed, [seed, ...beside].map((one) => hashes.get(one)).join(' ')]));
}

async function hashOf(action: string, build: NetworkBuilder, seed: number): Promise<string> {
  const network = await buildWith(action, build, seed);
  try {
    return await networkHash(network);
  } finally {
    network.dispose();
  }
}
