// network → a short hash of its layers and weights

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { floatsHash, textHash } from '../core/fingerprint.ts';
import { tensorsOf, valuesOf } from './weights.ts';

/** A network's configuration as text, equal for networks that were built in the same way. */
export function networkText(network: LayersModel): string {
  // tfjs numbers layers and models by a counter of the process, so a rebuilt network has other names: each becomes its order of appearance.
  const places = new Map<string, string>();
  return JSON.stringify(network.getConfig(), function (this: unknown, key, value) {
    if (typeof value !== 'string' || !(key === 'name' || (key === '0' && isLayerReference(this)))) return value;
    if (!places.has(value)) places.set(value, `#${places.size}`);
    return places.get(value);
  });
}

/** tfjs' reference to a layer's output, such as `['conv_1', 0, 0]`. */
function isLayerReference(holder: unknown): boolean {
  return Array.isArray(holder) && typeof holder[1] === 'number' && typeof holder[2] === 'number';
}

/** A short hash that differs for networks with other layers or other weights. */
export async function networkHash(network: LayersModel): Promise<string> {
  return `${textHash(networkText(network))}${floatsHash(...(await valuesOf(tensorsOf(network.weights))))}`;
}
