// what tests of recurrent layers need: any of them by its name, gradients of weights, several outputs

import * as tf from '@tensorflow/tfjs-core';
import { Elman } from '../../src/layers/recurrent/elman.ts';
import { Gru } from '../../src/layers/recurrent/gru.ts';
import { IndRnn } from '../../src/layers/recurrent/indRnn.ts';
import { Lstm } from '../../src/layers/recurrent/lstm.ts';
import { MultiplicativeLstm, MultiplicativeRnn } from '../../src/layers/recurrent/multiplicative.ts';
import type { RecurrentLayer } from '../../src/layers/recurrent/recurrentLayer.ts';
import type { RecurrentLayerOptions } from '../../src/layers/recurrent/recurrentOptions.ts';
import { SecondOrder } from '../../src/layers/recurrent/secondOrder.ts';

/** Makes each kind of layer. */
export const makers: Record<string, (options: RecurrentLayerOptions) => RecurrentLayer> = {
  lstm: (options) => new Lstm(options),
  gru: (options) => new Gru(options),
  'gru, reset before': (options) => new Gru({ ...options, resetAfter: false }),
  tanh: (options) => new Elman(options),
  relu: (options) => new Elman({ ...options, activation: 'relu' }),
  independent: (options) => new IndRnn(options),
  'second-order': (options) => new SecondOrder(options),
  'multiplicative RNN': (options) => new MultiplicativeRnn(options),
  'multiplicative LSTM': (options) => new MultiplicativeLstm(options),
};

/** Outputs as a list. */
export function listed(outputs: unknown): tf.Tensor[] {
  return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor[];
}

/** Gradients of Σ dy ⊙ output by the inputs, then by the layer's weights. */
export function gradientsOf(
  layer: RecurrentLayer,
  inputs: tf.Tensor[],
  dys: tf.Tensor[],
  kwargs: object = {},
): tf.Tensor[] {
  const loss = (list: tf.Tensor[]) =>
    tf.addN(listed(layer.apply(list, kwargs)).map((output, i) => tf.sum(tf.mul(output, dys[i]!)))) as tf.Scalar;
  const byInputs = tf.grads((...list: tf.Tensor[]) => loss(list))(inputs);
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(() => loss(inputs), variables);
  value.dispose();
  return [...byInputs, ...variables.map(({ name }) => grads[name]!)];
}
