// network → text that is the same for networks of the same layers

import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Names are left out: tfjs numbers layers by a counter of the process. Weights are left out: backends differ in their last bits. */
export function layersText(network: LayersModel): string {
  const layers = network.layers.map((layer) => [layer.getClassName(), layer.getConfig()]);
  return JSON.stringify(layers, (key, value) => (key === 'name' ? undefined : value));
}
