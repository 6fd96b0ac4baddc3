// model, after a step of training → weights held within their bounds

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A layer some of whose weights have bounds. */
export interface ConstrainedLayer {
  /** The weights, each of whose values must stay within ±limit. */
  readonly constrained: readonly { readonly weight: tfl.LayerVariable; readonly limit: number }[];
}

/**
 * Sets weights that a step of training took beyond their bounds to these. `train` does so after every step; a loop of one's
 * own has to.
 */
export function constrainWeights(model: Pick<tfl.LayersModel, 'layers'>): void {
  for (const { weight, limit } of model.layers.flatMap(constrainedOf)) {
    const within = tf.clipByValue(weight.read(), -limit, limit);
    weight.write(within);
    within.dispose();
  }
}

/** Also of models that are used as layers. */
function constrainedOf(layer: object): ConstrainedLayer['constrained'] {
  const { layers = [], constrained = [] } = layer as Partial<ConstrainedLayer> & {
    readonly layers?: readonly object[];
  };
  return [...constrained, ...layers.flatMap(constrainedOf)];
}
