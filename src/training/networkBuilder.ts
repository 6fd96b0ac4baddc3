// seed → an untrained network, by a caller's function

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { typeName } from '../core/check.ts';

/** Makes, or promises, the untrained network for a seed: the same for the same seed, and another one each time. */
export type NetworkBuilder = (seed: number) => LayersModel | Promise<LayersModel>;

/**
 * Builds a network, the caller's to dispose.
 *
 * @throws {TypeError} when what was built is none
 */
export async function buildWith(action: string, build: NetworkBuilder, seed: number): Promise<LayersModel> {
  const network = await build(seed);
  // By what is called here: of a network of another copy of tfjs, `train` says that it is one.
  if (typeof network?.dispose === 'function' && typeof network.predict === 'function') return network;
  throw new TypeError(`Cannot ${action}: build must give a tf.LayersModel, got ${typeName(network)}`);
}
