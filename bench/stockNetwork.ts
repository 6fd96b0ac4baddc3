// sizes → the same network of tfjs' own layers

import * as tf from '@tensorflow/tfjs-layers';
import type { Architecture } from './architecture.ts';

/**
 * [batch, frames, bins, 1] → [batch, classes] probabilities, compiled with tfjs' Adam.
 *
 * @throws {RangeError} when it has not as many parameters as the architecture says
 */
export function stockNetwork(architecture: Architecture, frames: number): tf.LayersModel {
  const { bins, classes, convolution, units, inputDropout, headDropout, parameters } = architecture;
  const input = tf.input({ shape: [frames, bins, 1] });
  let x = input;
  for (const { filters, kernelSize, pool, epsilon, momentum } of convolution) {
    x = after(x, tf.layers.conv2d({ filters, kernelSize: [...kernelSize], padding: 'same', useBias: false }));
    x = after(x, tf.layers.maxPooling2d({ poolSize: [...pool], strides: [...pool], padding: 'same' }));
    x = after(x, tf.layers.batchNormalization({ epsilon, momentum }));
    x = after(x, tf.layers.activation({ activation: 'relu' }));
  }
  const [, framesLeft, binsLeft, features] = x.shape as number[];
  x = after(x, tf.layers.reshape({ targetShape: [framesLeft!, binsLeft! * features!] }));
  x = after(x, tf.layers.dropout({ rate: inputDropout }));
  x = after(x, stockLstm(units, true));
  x = tf.layers
    .concatenate()
    .apply([attention(x), after(x, tf.layers.globalAveragePooling1d({}))]) as tf.SymbolicTensor;
  x = after(x, tf.layers.dropout({ rate: headDropout }));
  x = after(x, tf.layers.dense({ units: classes, activation: 'softmax' }));
  const network = tf.model({ inputs: input, outputs: x });
  const count = network.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a! * b!, 1)!, 0);
  if (count !== parameters) {
    throw new RangeError(`Cannot build the stock network: it must have ${parameters} parameters, got ${count}`);
  }
  network.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return network;
}

/** Keras' LSTM: tfjs has other gates by default, and its orthogonal initialiser fails without the chained operations. */
export function stockLstm(units: number, bidirectional: boolean): tf.layers.Layer {
  const layer = tf.layers.lstm({
    ...{ units, returnSequences: true, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' },
  });
  return bidirectional ? tf.layers.bidirectional({ layer: layer as tf.RNN, mergeMode: 'concat' }) : layer;
}

/** [batch, frames, features] → [batch, features], the sum of the frames weighted by a softmax over them. */
function attention(x: tf.SymbolicTensor): tf.SymbolicTensor {
  const scores = after(x, tf.layers.dense({ units: 1, useBias: false })); // [batch, frames, 1]
  const rows = after(scores, tf.layers.permute({ dims: [2, 1] })); // tfjs has a softmax over the last axis only
  const weights = after(rows, tf.layers.softmax({ axis: -1 })); // [batch, 1, frames]
  const pooled = tf.layers.dot({ axes: [2, 1] }).apply([weights, x]) as tf.SymbolicTensor;
  return after(pooled, tf.layers.flatten());
}

function after(x: tf.SymbolicTensor, layer: tf.layers.Layer): tf.SymbolicTensor {
  return layer.apply(x) as tf.SymbolicTensor;
}
