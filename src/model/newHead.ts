// network + labels → a copy that ends in a classifying layer for those

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { Dense } from '../layers/dense.ts';
import { endsInSoftmaxOfSums } from './classifyingLayer.ts';
import { applyTo, canCopy, copyLayers, layerLike } from './copyLayers.ts';

/**
 * Copies a network, weights and all, but for its last layer: a softmax of weighted sums, in place of which there is one of other labels,
 * with initial weights.
 *
 * @param network stays as it is
 * @param labels how many
 * @param seed of the initial weights
 * @returns the caller's to dispose; undefined where the network does not end so, or cannot be copied layer by layer
 */
export function withNewHead(network: tfl.LayersModel, labels: number, seed: number): tfl.LayersModel | undefined {
  const [output] = network.outputs as [tfl.SymbolicTensor];
  if (!canCopy(network) || !endsInSoftmaxOfSums(output)) return undefined;
  const last = output.sourceLayer;
  return copyLayers(network, network.name, (layer, from) => {
    if (layer === last) {
      return applyTo(new Dense({ name: layer.name, units: labels, activation: 'softmax', seed }), from);
    }
    const copy = layerLike(layer);
    const result = applyTo(copy, from);
    tf.tidy(() => copy.setWeights(layer.getWeights()));
    return result;
  });
}
