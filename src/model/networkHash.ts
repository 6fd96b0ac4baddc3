// network → a short text that differs where networks do

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { floatsHash, textHash } from '../core/fingerprint.ts';
import { tensorsOf, valuesOf } from './weights.ts';

/** A network's configuration, the same for one that is built again in the same way. */
export function networkText(network: LayersModel): string {
  // Tfjs numbers layers and models by a counter of the process, so that a rebuilt network has other names: each counts by its place.
  const places = new Map<string, string>();
  return JSON.stringify(network.getConfig(), function (this: unknown, key, value) {
    if (typeof value !== 'string' || !(key === 'name' || (key === '0' && isLayerReference(this)))) return value;
    if (!places.has(value)) places.set(value, `#${places.size}`);
    return places.get(value);
  });
}

/** As tfjs says which output of which layer another one reads: `['conv_1', 0, 0]`. */
function isLayerReference(holder: unknown): boolean {
  return Array.isArray(holder) && typeof holder[1] === 'number' && typeof holder[2] === 'number';
}

/** A short text that differs where networks do: in their layers, or in a weight. */
export async function networkHash(network: LayersModel): Promise<string> {
  return `${textHash(networkText(network))}${floatsHash(...(await valuesOf(tensorsOf(network.weights))))}`;
}
