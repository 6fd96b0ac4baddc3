// options → a network of convolutions, an LSTM, pooling over time, and a softmax

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { shown } from '../core/check.ts';
import { ensureKernels } from '../kernels/stockKernels.ts';
import { Deltas } from '../layers/deltas.ts';
import { MeanPooling } from '../layers/pooling/meanPooling.ts';
import { UncertainFrames } from '../layers/uncertainFrames.ts';
import { requireStartedBackend } from './backend.ts';
import type { CnnLstmOptions, NetworkPart } from './cnnLstmOptions.ts';
import { convBlock, toSequence } from './convolutionPart.ts';
import { classify } from './headPart.ts';
import { noteMade } from './madeTensors.ts';
import { apply } from './networkPart.ts';
import { isFrameClassification, poolFrames } from './poolingPart.ts';
import { recurrentLayers } from './recurrentPart.ts';
import { type ResolvedCnnLstmOptions, resolveCnnLstmOptions } from './resolveCnnLstmOptions.ts';

/**
 * Builds an untrained network, [batch, frames, bins, 1] → [batch, classes] probabilities: convolution blocks, recurrent layers
 * over the remaining frames (or, in parallel, over the features themselves), pooling over time, and fully connected layers with a
 * softmax.
 *
 * The same seed gives the same weights on every backend. Dropout masks are a function of the seed and of the step that
 * `setTrainingStep(model, step)` sets.
 *
 * @example
 * const network = buildCnnLstm({ seed: 7 });
 * const small = buildCnnLstm({ convolution: [{ filters: 8 }, { filters: 16 }], recurrent: { units: 16 }, pooling: 'final' });
 * const beside = buildCnnLstm({ arrangement: 'parallel', recurrent: { cell: 'indrnn', layers: 2 }, pooling: 'statistics' });
 * const own = buildCnnLstm({
 *   recurrent: (x) => {
 *     // tfjs' own orthogonal initialiser, the default, fails where only tfjs-core and tfjs-layers are loaded.
 *     const gru = tf.layers.gru({ units: 32, returnSequences: true, recurrentInitializer: 'glorotUniform' });
 *     return gru.apply(x) as tf.SymbolicTensor;
 *   },
 * });
 *
 * @throws {RangeError} when an option is out of range, or a part of the caller's gives an output of the wrong shape
 * @throws {TypeError} when an option is of the wrong type or there is none of that name
 * @throws {Error} when no tfjs backend is registered, or it has not started
 */
export function buildCnnLstm(options: CnnLstmOptions = {}): tfl.LayersModel {
  const resolved = resolveCnnLstmOptions(options);
  const { bins, classes, frames } = resolved;
  requireStartedBackend('build CNN-LSTM');
  ensureKernels();
  const input = tfl.input({ shape: [frames, bins, 1], name: 'features' });
  const made = noteMade();
  let built = false;
  try {
    const output = connect(input, resolved);
    if (output.shape.length !== 2 || output.shape[1] !== classes) {
      throw new RangeError(
        `Cannot build CNN-LSTM: its output must be [batch, ${classes}], got [${output.shape.map(String)}]`,
      );
    }
    const network = tfl.model({ inputs: input, outputs: output, name: 'cnn_lstm' });
    built = true;
    return network;
  } finally {
    const tensors = made();
    if (!built) tf.dispose(tensors); // layers before the fault have their weights already
  }
}

function connect(input: tfl.SymbolicTensor, options: ResolvedCnnLstmOptions): tfl.SymbolicTensor {
  const { classes, seed, deltas, arrangement, convolution, recurrent, pooling, convolutionPooling, head } = options;
  const features = deltas > 0 ? apply(new Deltas({ name: 'deltas', order: deltas }), input) : input;

  let x = features; // [batch, frames, bins, channels]
  for (const [index, block] of convolution.entries()) {
    x = typeof block === 'function' ? partOf(`convolution[${index}]`, block, x) : convBlock(x, block, index, seed);
  }
  const convolved = toSequence(x); // [batch, frames', features]

  const read = arrangement === 'parallel' ? toSequence(features, 'frames') : convolved;
  let y = read;
  if (typeof recurrent === 'function') y = partOf('recurrent', recurrent, read);
  else if (recurrent) y = recurrentLayers(read, recurrent, seed);

  if (!isFrameClassification(pooling)) {
    const direction = typeof recurrent === 'object' ? recurrent.direction : 'forward';
    y = typeof pooling === 'function' ? partOf('pooling', pooling, y) : poolFrames(y, pooling, direction);
  }
  if (arrangement === 'parallel') {
    const beside =
      typeof convolutionPooling === 'function'
        ? partOf('convolutionPooling', convolutionPooling, convolved)
        : poolFrames(convolved, convolutionPooling, 'forward', 'conv_pool');
    y = tfl.layers.concatenate({ name: 'beside' }).apply([beside, y]) as tfl.SymbolicTensor;
  }

  const uncertain = isFrameClassification(pooling) && pooling !== 'frameSum' ? pooling.uncertainFrames : undefined;
  if (typeof head === 'function') y = partOf('head', head, y);
  else if (uncertain) y = classify(y, head, { classes: classes + 1, activation: 'linear', seed });
  else y = classify(y, head, { classes, activation: 'softmax', seed });
  if (uncertain) return apply(new UncertainFrames({ name: 'uncertain_frames', reading: uncertain }), y);
  return pooling === 'frameSum' ? apply(new MeanPooling({ name: 'frame_sum' }), y) : y;
}

/** The output of a part of the caller's own. */
function partOf(name: string, part: NetworkPart, input: tfl.SymbolicTensor): tfl.SymbolicTensor {
  const output = part(input);
  if (output instanceof tfl.SymbolicTensor) return output;
  throw new TypeError(`Cannot build CNN-LSTM: ${name} must return what a layer's apply returns, got ${shown(output)}`);
}
