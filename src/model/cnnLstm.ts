// options → a network of convolutions, an LSTM, pooling over time, and a softmax

import '../layers/register.ts';
import * as tfl from '@tensorflow/tfjs-layers';
import { ensureKernels } from '../kernels/stockKernels.ts';
import { BatchNorm } from '../layers/batchNorm.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { Deltas } from '../layers/deltas.ts';
import { Dense } from '../layers/dense.ts';
import { Dropout } from '../layers/dropout.ts';
import { Elman } from '../layers/elman.ts';
import { Gru } from '../layers/gru.ts';
import { Lstm } from '../layers/lstm.ts';
import { MaxPool2d } from '../layers/maxPool2d.ts';
import { AttentionPooling, FinalFrame, MeanPooling } from '../layers/pooling.ts';
import { RandomStream } from '../random.ts';
import {
  type CnnLstmOptions,
  type ConvBlockOptions,
  type FramePooling,
  type HeadOptions,
  type RecurrentOptions,
  resolveCnnLstmOptions,
} from './cnnLstmOptions.ts';

/**
 * Builds an untrained network, [batch, frames, bins, 1] → [batch, classes] probabilities: convolution blocks, recurrent layers
 * over the frames that are left, pooling over time, and fully connected layers with a softmax.
 *
 * The same seed gives the same weights on every backend. Dropout masks are a function of the seed and of the step that
 * `setTrainingStep(model, step)` sets.
 *
 * @example
 * const network = buildCnnLstm({ seed: 7 });
 * const small = buildCnnLstm({ convolution: [{ filters: 8 }, { filters: 16 }], recurrent: { units: 16 }, pooling: 'final' });
 * const own = buildCnnLstm({
 *   recurrent: (x) => {
 *     // tfjs' own orthogonal initialiser, the default, fails where only tfjs-core and tfjs-layers are loaded.
 *     const gru = tf.layers.gru({ units: 32, returnSequences: true, recurrentInitializer: 'glorotUniform' });
 *     return gru.apply(x) as tf.SymbolicTensor;
 *   },
 * });
 *
 * @throws {RangeError} when an option is out of range, or a part of the caller's does not give the shape it should
 */
export function buildCnnLstm(options: CnnLstmOptions = {}): tfl.LayersModel {
  const { bins, classes, frames, seed, deltas, convolution, recurrent, pooling, head } = resolveCnnLstmOptions(options);
  ensureKernels();

  const input = tfl.input({ shape: [frames, bins, 1], name: 'features' });
  let x: tfl.SymbolicTensor = input; // [batch, frames, bins, 1]
  try {
    if (deltas > 0) x = apply(new Deltas({ name: 'deltas', order: deltas }), x);
    for (const [index, block] of convolution.entries()) {
      x = typeof block === 'function' ? block(x) : convBlock(x, block, index, seed);
    }
    x = toSequence(x); // [batch, frames', features]
    x = typeof recurrent === 'function' ? recurrent(x) : recurrentLayers(x, recurrent, seed);

    if (pooling !== 'frameSum') {
      const direction = typeof recurrent === 'function' ? 'forward' : recurrent.direction;
      x = typeof pooling === 'function' ? pooling(x) : poolFrames(x, pooling, direction);
    }
    x = typeof head === 'function' ? head(x) : classify(x, head, classes, seed);
    if (pooling === 'frameSum') x = apply(new MeanPooling({ name: 'frame_sum' }), x);

    if (x.shape.length !== 2 || x.shape[1] !== classes) {
      throw new RangeError(
        `Cannot build CNN-LSTM: its output must be [batch, ${classes}], got [${x.shape.map(String)}]`,
      );
    }
  } catch (error) {
    // The layers up to here have their weights already.
    if (x !== input) tfl.model({ inputs: input, outputs: x }).dispose();
    throw error;
  }
  return tfl.model({ inputs: input, outputs: x, name: 'cnn_lstm' });
}

/**
 * Pooling comes before normalisation: both then see a quarter of the values, and since the maximum of a window does not
 * change under a rising function, only the statistics differ from the usual order.
 */
function convBlock(
  input: tfl.SymbolicTensor,
  block: Required<ConvBlockOptions>,
  index: number,
  seed: number,
): tfl.SymbolicTensor {
  const { filters, kernelSize, strides, pool, dropout } = block;
  const name = (part: string) => `conv${index + 1}_${part}`;
  let x = apply(
    new Conv2d({
      name: name('conv'),
      filters,
      kernelSize,
      strides,
      useBias: false,
      seed: layerSeed(seed, name('conv')),
    }),
    input,
  );
  if (pool[0] > 1 || pool[1] > 1) x = apply(new MaxPool2d({ name: name('pool'), size: pool }), x);
  x = apply(new BatchNorm({ name: name('norm'), activation: 'relu' }), x);
  return drop(x, dropout, 'channel', name('dropout'), seed);
}

/** [batch, frames, bins, features] → [batch, frames, bins · features]; what is a sequence already stays. */
function toSequence(x: tfl.SymbolicTensor): tfl.SymbolicTensor {
  if (x.shape.length === 3) return x;
  const [, , bins, features] = x.shape;
  if (x.shape.length !== 4 || bins == null || features == null) {
    throw new RangeError(
      `Cannot build CNN-LSTM: convolution must give [batch, frames, bins, features], got [${x.shape.map(String)}]`,
    );
  }
  return apply(tfl.layers.reshape({ name: 'sequence', targetShape: [null, bins * features] }), x);
}

const RECURRENT_LAYERS = { lstm: Lstm, gru: Gru, elman: Elman };

function recurrentLayers(
  input: tfl.SymbolicTensor,
  options: Required<RecurrentOptions>,
  seed: number,
): tfl.SymbolicTensor {
  const { cell, units, layers, direction, inputDropout, recurrentDropout } = options;
  const Recurrent = RECURRENT_LAYERS[cell];
  let x = input;
  for (let index = 1; index <= layers; index++) {
    const name = `${cell}${index}`;
    x = drop(x, inputDropout, 'channel', `${name}_dropout`, seed);
    x = apply(new Recurrent({ name, units, direction, recurrentDropout, seed: layerSeed(seed, name) }), x);
  }
  return x;
}

function poolFrames(
  x: tfl.SymbolicTensor,
  poolings: readonly FramePooling[],
  direction: RecurrentOptions['direction'] & string,
): tfl.SymbolicTensor {
  const pooled = poolings.map((pooling) => {
    const name = `pool_${pooling}`;
    if (pooling === 'final') return apply(new FinalFrame({ name, direction }), x);
    return apply(pooling === 'mean' ? new MeanPooling({ name }) : new AttentionPooling({ name }), x);
  });
  if (pooled.length === 1) return pooled[0]!;
  return tfl.layers.concatenate({ name: 'pool' }).apply(pooled) as tfl.SymbolicTensor;
}

function classify(
  input: tfl.SymbolicTensor,
  { hidden, dropout }: Required<HeadOptions>,
  classes: number,
  seed: number,
): tfl.SymbolicTensor {
  let x = input;
  for (const [index, units] of hidden.entries()) {
    const name = `dense${index + 1}`;
    x = drop(x, dropout, 'value', `${name}_dropout`, seed);
    x = apply(new Dense({ name, units, activation: 'relu', seed: layerSeed(seed, name) }), x);
  }
  x = drop(x, dropout, 'value', 'classes_dropout', seed);
  return apply(
    new Dense({ name: 'classes', units: classes, activation: 'softmax', seed: layerSeed(seed, 'classes') }),
    x,
  );
}

function drop(
  x: tfl.SymbolicTensor,
  rate: number,
  unit: 'value' | 'channel',
  name: string,
  seed: number,
): tfl.SymbolicTensor {
  return rate === 0 ? x : apply(new Dropout({ name, rate, unit, seed: layerSeed(seed, name) }), x);
}

function apply(layer: tfl.layers.Layer, x: tfl.SymbolicTensor): tfl.SymbolicTensor {
  return layer.apply(x) as tfl.SymbolicTensor;
}

function layerSeed(seed: number, name: string): number {
  return new RandomStream(seed, name).integerSeed();
}
