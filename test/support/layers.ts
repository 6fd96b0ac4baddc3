// a layer → built for an input shape, so that it has weights and can be disposed

import * as tfl from '@tensorflow/tfjs-layers';

/** Builds a layer the way a model does: `layer.build` alone would leave it without the count that `dispose` lowers. */
export function built<Layer extends tfl.layers.Layer>(layer: Layer, inputShape: readonly (number | null)[]): Layer {
  layer.apply(tfl.input({ shape: inputShape.slice(1) }));
  return layer;
}
