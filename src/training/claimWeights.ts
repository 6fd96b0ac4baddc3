// a network → the right to change its weights, which one training has at a time

import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

const CLAIMED = new WeakSet<LayerVariable>();

/**
 * Claims a network's weights; networks may share layers, so it goes by the weights.
 *
 * @returns gives them free again
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
    return true; // what reading it throws then is in words of tfjs' own
  }
}
