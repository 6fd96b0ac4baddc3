// features → probabilities, or logits

import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInteger, checkNothingElse, checkOneOf, checkOptions, checkShare, type Resolved } from '../core/check.ts';
import { Dense } from '../layers/dense.ts';
import { DropConnect } from '../layers/dropConnect.ts';
import { MOST } from '../layers/layer.ts';
import { Maxout } from '../layers/maxout.ts';
import type { HeadOptions } from './cnnLstmOptions.ts';
import { ACTION, apply, checkList, drop, layerSeed } from './networkPart.ts';

/** @throws {RangeError} when an option is out of range */
export function resolveHead(head: HeadOptions): Resolved<HeadOptions> {
  const { hidden = [], hiddenLayer = 'relu', dropout = 0.3, ...others } = checkOptions(ACTION, head, 'head');
  checkNothingElse(ACTION, others, 'head');
  checkList('head.hidden', hidden);
  for (const [index, units] of hidden.entries()) checkInteger(ACTION, `head.hidden[${index}]`, units, 1, MOST);
  checkOneOf(ACTION, 'head.hiddenLayer', hiddenLayer, ['relu', 'maxout', 'dropConnect']);
  checkShare(ACTION, 'head.dropout', dropout);
  return { hidden, hiddenLayer, dropout };
}

/** [..., features] → [..., classes] */
export function classify(
  input: tfl.SymbolicTensor,
  { hidden, hiddenLayer, dropout }: Resolved<HeadOptions>,
  { classes, activation, seed }: { classes: number; activation: 'softmax' | 'linear'; seed: number },
): tfl.SymbolicTensor {
  let x = input;
  for (const [index, units] of hidden.entries()) {
    const name = `dense${index + 1}`;
    const options = { name, units, seed: layerSeed(seed, name) };
    if (hiddenLayer === 'dropConnect') {
      x = apply(new DropConnect({ ...options, rate: dropout }), x);
      continue;
    }
    x = drop(x, dropout, 'value', `${name}_dropout`, seed);
    x = apply(hiddenLayer === 'maxout' ? new Maxout(options) : new Dense({ ...options, activation: 'relu' }), x);
  }
  x = drop(x, dropout, 'value', 'classes_dropout', seed);
  return apply(new Dense({ name: 'classes', units: classes, activation, seed: layerSeed(seed, 'classes') }), x);
}
