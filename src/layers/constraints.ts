// model, after a step of training → weights held within their bounds

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A weight with bounds. */
export interface ConstrainedWeight {
  /** Each of its values must stay within ±limit. */
  readonly weight: tfl.LayerVariable;
  /** The bound. */
  readonly limit: number;
}

/** A layer some of whose weights have bounds. */
export interface ConstrainedLayer {
  /** Those weights. */
  readonly constrained: readonly ConstrainedWeight[];
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
