// layer, input → output; seed, name → seed of a layer: what every part of a network is built with

import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInteger } from '../core/check.ts';
import { RandomStream } from '../core/random.ts';
import { Dropout } from '../layers/dropout.ts';

/** What the options of every part are for, in messages. */
export const ACTION = 'build CNN-LSTM';

/** The most blocks or layers one upon the other; none that were trained were nearly as many. */
export const MOST_LAYERS = 64;

/** Holds that it is a list, and not too long. */
export function checkList(name: string, list: readonly unknown[]): void {
  if (!Array.isArray(list)) throw new TypeError(`Cannot ${ACTION}: ${name} must be an array, got ${typeof list}`);
  checkInteger(ACTION, `length of ${name}`, list.length, 0, MOST_LAYERS);
}

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
