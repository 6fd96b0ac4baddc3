// a network → the exclusive right to change its weights, for one training at a time

import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

const CLAIMED = new WeakSet<LayerVariable>();

/**
 * Claims a network's weights. Not the network, since networks may share layers.
 *
 * @returns releases them
 * @throws {RangeError} when they are in another training, or disposed
 */
export function claimWeights({ weights }: LayersModel): () => void {
  for (const weight of weights) {
    if (CLAIMED.has(weight)) throw new RangeError('Cannot train: network must be in one training at a time');
    if (isDisposed(weight))
      throw new RangeError('Cannot train: network must have its weights, got one that is disposed');
  }
  for (const weight of weights) CLAIMED.add(weight);
  return () => {
    for (const weight of weights) CLAIMED.delete(weight);
  };
}

function isDisposed(weight: LayerVariable): boolean {
  try {
    return weight.read().isDisposed;
  } catch {
    return true; // tfjs throws where it is
  }
}
