// layer, input → output; seed, name → seed of a layer: what the parts of a network are put together by

import type * as tfl from '@tensorflow/tfjs-layers';
import { RandomStream } from '../core/random.ts';
import { Dropout } from '../layers/dropout.ts';

/** Applies a layer that has one output. */
export function apply(layer: tfl.layers.Layer, x: tfl.SymbolicTensor): tfl.SymbolicTensor {
  return layer.apply(x) as tfl.SymbolicTensor;
}

/** Applies dropout, where there is some. */
export function drop(
  x: tfl.SymbolicTensor,
  rate: number,
  unit: 'value' | 'channel',
  name: string,
  seed: number,
): tfl.SymbolicTensor {
  return rate === 0 ? x : apply(new Dropout({ name, rate, unit, seed: layerSeed(seed, name) }), x);
}

/** The seed of the layer of a name. */
export function layerSeed(seed: number, name: string): number {
  return new RandomStream(seed, name).integerSeed();
}
