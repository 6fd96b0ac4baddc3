// model, after a training step → weights within their bounds

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { everyLayer } from './everyLayer.ts';

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
 * Clips the weights that have bounds to them. `train` calls it after every training step; a training loop of your own has to.
 */
export function constrainWeights(model: Pick<tfl.LayersModel, 'layers'>): void {
  const constrained = everyLayer(model).flatMap((layer) => (layer as Partial<ConstrainedLayer>).constrained ?? []);
  for (const { weight, limit } of constrained) {
    const within = tf.clipByValue(weight.read(), -limit, limit);
    weight.write(within);
    within.dispose();
  }
}
