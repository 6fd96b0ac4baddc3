// layer, input → output; seed, name → a layer's seed: for every part of a network

import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInteger } from '../core/check.ts';
import { RandomStream } from '../core/random.ts';
import { Dropout } from '../layers/dropout.ts';

/** The action in messages about options. */
export const ACTION = 'build CNN-LSTM';

/** The most blocks or layers in a stack; no network that was trained comes near. */
export const MOST_LAYERS = 64;

/** Checks that it is a list, and not too long. */
export function checkList(name: string, list: readonly unknown[]): void {
  if (!Array.isArray(list)) throw new TypeError(`Cannot ${ACTION}: ${name} must be an array, got ${typeof list}`);
  checkInteger(ACTION, `length of ${name}`, list.length, 0, MOST_LAYERS);
}

/** Applies a layer that has one output. */
export function apply(layer: tfl.layers.Layer, x: tfl.SymbolicTensor): tfl.SymbolicTensor {
  return layer.apply(x) as tfl.SymbolicTensor;
}

/** Applies dropout, unless its rate is 0. */
export function drop(
  x: tfl.SymbolicTensor,
  rate: number,
  unit: 'value' | 'channel',
  name: string,
  seed: number,
): tfl.SymbolicTensor {
  return rate === 0 ? x : apply(new Dropout({ name, rate, unit, seed: layerSeed(seed, name) }), x);
}

/** The seed of the layer with this name. */
export function layerSeed(seed: number, name: string): number {
  return new RandomStream(seed, name).integerSeed();
}
