// layers and the network that is built of them → how they are called

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildCnnLstm } from 'speech-emotion';
import {
  BatchNorm,
  Conv2d,
  Deltas,
  Dense,
  DropConnect,
  Dropout,
  Elman,
  Gru,
  IndRnn,
  Lstm,
  Maxout,
  MaxPool2d,
} from 'speech-emotion/layers';
import { BINS } from '../../smallWork.ts';
import type { Call } from './call.ts';
import { boolean, either, integer, listOf, MAX, number, off, oneOf, options, seed, share, text } from './rules.ts';

/** A layer, its options checked where it is made. */
function layer(
  Kind: new (given: never) => unknown,
  right: Call['right'],
  rules: Call['rules'],
  required: readonly string[] = [],
): Call {
  return {
    right,
    rules: { ...rules, name: text, trainable: boolean },
    required,
    call: (given) => new Kind(given as never),
  };
}

const recurrent = {
  units: 3,
  direction: 'bidirectional',
  returnSequences: true,
  inputDropout: 0.1,
  recurrentDropout: 0.1,
  seed: 1,
};
const recurrentRules = {
  units: integer(1),
  direction: oneOf('forward', 'backward', 'bidirectional'),
  returnSequences: boolean,
  returnState: boolean,
  stateful: boolean,
  inputDropout: number(0, 0.9999999),
  recurrentDropout: number(0, 0.9999999),
  seed,
};

export const LAYER_CALLS: Readonly<Record<string, Call>> = {
  Conv2d: layer(
    Conv2d,
    { filters: 2, kernelSize: [3, 3], strides: [1, 1], padding: 'same', activation: 'relu', useBias: true, seed: 1 },
    {
      filters: integer(1),
      kernelSize: listOf(integer(1)),
      strides: listOf(integer(1)),
      padding: oneOf('same', 'valid'),
      activation: oneOf('linear', 'relu'),
      useBias: boolean,
      seed,
    },
    ['filters', 'kernelSize', 'seed'],
  ),
  BatchNorm: layer(
    BatchNorm,
    { momentum: 0.9, epsilon: 1e-3, activation: 'relu' },
    { momentum: share, epsilon: number(Number.MIN_VALUE, MAX), activation: oneOf('linear', 'relu') },
  ),
  MaxPool2d: layer(MaxPool2d, { size: [2, 2], antiAlias: true }, { size: listOf(integer(1)), antiAlias: boolean }, [
    'size',
  ]),
  Deltas: layer(Deltas, { order: 1, windowLength: 5 }, { order: integer(1), windowLength: integer(3) }),
  Dense: layer(
    Dense,
    { units: 3, activation: 'relu', seed: 1 },
    { units: integer(1), activation: oneOf('linear', 'relu', 'softmax'), seed },
    ['units', 'seed'],
  ),
  Dropout: layer(
    Dropout,
    { rate: 0.5, unit: 'value', seed: 1 },
    { rate: number(0, 0.9999999), unit: oneOf('value', 'channel'), seed },
    ['rate', 'seed'],
  ),
  DropConnect: layer(
    DropConnect,
    { rate: 0.5, units: 3, activation: 'relu', seed: 1 },
    { rate: number(0, 0.9999999), units: integer(1), activation: oneOf('linear', 'relu'), seed },
    ['rate', 'units', 'seed'],
  ),
  Maxout: layer(Maxout, { pieces: 2, units: 3, seed: 1 }, { pieces: integer(2), units: integer(1), seed }, [
    'units',
    'seed',
  ]),
  Lstm: layer(Lstm, { ...recurrent, cellDropout: 0.1 }, { ...recurrentRules, cellDropout: number(0, 0.9999999) }, [
    'units',
    'seed',
  ]),
  Gru: layer(Gru, { ...recurrent, resetAfter: true }, { ...recurrentRules, resetAfter: boolean }, ['units', 'seed']),
  Elman: layer(Elman, { ...recurrent, activation: 'tanh' }, { ...recurrentRules, activation: oneOf('tanh', 'relu') }, [
    'units',
    'seed',
  ]),
  IndRnn: layer(
    IndRnn,
    { ...recurrent, recurrentLimit: 1 },
    { ...recurrentRules, recurrentLimit: either(off, number(Number.MIN_VALUE, MAX)) },
    ['units', 'seed'],
  ),
  buildCnnLstm: {
    right: {
      bins: BINS,
      frames: 12,
      classes: 3,
      seed: 1,
      deltas: 0,
      convolution: [{ filters: 2, kernelSize: [3, 3], pool: [2, 2], dropout: 0.1 }],
      recurrent: { cell: 'lstm', units: 2, layers: 1, direction: 'bidirectional' },
      pooling: 'attention',
      head: { hidden: [3], dropout: 0.1 },
    },
    rules: {
      bins: integer(1),
      frames: either(integer(1), oneOf(null)),
      classes: integer(2),
      seed,
      deltas: integer(0),
      convolution: either(off, listOf(options)),
      recurrent: either(off, options),
      'recurrent.cell': text,
      'recurrent.units': integer(1),
      'recurrent.layers': integer(1),
      'recurrent.direction': text,
      pooling: either(text, listOf(text)),
      head: options,
      'head.hidden': listOf(integer(1)),
      'head.dropout': number(0, 0.9999999),
      arrangement: oneOf('series', 'parallel'),
    },
    highest: 300,
    call: (given) => buildCnnLstm(given),
    fault(result) {
      (result as LayersModel).dispose();
      return undefined;
    },
  },
};
