// frames → recurrent layers → frames

import type * as tfl from '@tensorflow/tfjs-layers';
import { Elman } from '../layers/elman.ts';
import { Gru } from '../layers/gru.ts';
import { IndRnn } from '../layers/indRnn.ts';
import { Lstm } from '../layers/lstm.ts';
import { MultiplicativeLstm, MultiplicativeRnn } from '../layers/multiplicative.ts';
import { SecondOrder } from '../layers/secondOrder.ts';
import type { ResolvedRecurrentOptions } from './cnnLstmOptions.ts';
import { apply, drop, layerSeed } from './networkPart.ts';

const LAYERS = {
  lstm: Lstm,
  gru: Gru,
  elman: Elman,
  indrnn: IndRnn,
  secondOrder: SecondOrder,
  multiplicativeRnn: MultiplicativeRnn,
  multiplicativeLstm: MultiplicativeLstm,
};

/** [batch, frames, features] → [batch, frames, units], twice as many when bidirectional. */
export function recurrentLayers(
  input: tfl.SymbolicTensor,
  { cell, layers, inputDropout, ...options }: ResolvedRecurrentOptions,
  seed: number,
): tfl.SymbolicTensor {
  let x = input;
  for (let index = 1; index <= layers; index++) {
    const name = `${cell}${index}`;
    x = drop(x, inputDropout, 'channel', `${name}_dropout`, seed);
    x = apply(new LAYERS[cell]({ name, ...options, seed: layerSeed(seed, name) }), x);
  }
  return x;
}
