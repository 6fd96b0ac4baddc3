// a network's output → its logarithm, computed from the logits: what the loss is computed from
//
// The logarithm of a softmax that was computed in float32 is not log softmax: a probability below 1e-7 has lost its digits next to
// 1, and whatever keeps its logarithm finite also cuts off its gradient, for the very clips that there is most to learn from. Log
// softmax of the logits is exact at any margin.

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { dense } from '../kernels/dense.ts';
import { Dense } from '../layers/dense.ts';
import { type CallOptions, frameMaskOf } from '../layers/frameMask.ts';
import { singleTensor } from '../layers/layer.ts';
import { MeanPooling } from '../layers/pooling/meanPooling.ts';
import { labelLogLikelihoods, UncertainFrames } from '../layers/uncertainFrames.ts';

/**
 * The logarithm of a network's output, by the same layers and weights, [batch, labels].
 *
 * Exact where the output is a softmax by a `Dense` (the library's or tfjs' own) or by tfjs' `activation` or `softmax` layer, the mean
 * over frames of such a softmax, or the last layer of an inner model is one of these. Of `UncertainFrames` it is log p(e|X), before
 * it is normalised to a distribution. Of any other output it is log(p + 1e-7), whose gradient vanishes where p is smaller.
 *
 * @param output of a network, which stays as it is
 */
export function logProbabilities(output: tfl.SymbolicTensor): tfl.SymbolicTensor {
  return exactly(output) ?? computed(output, output, (p) => tf.log(tf.add(p, LEAST_PROBABILITY)));
}

/** Keeps the logarithm finite; about the smallest difference to 1 that float32 can represent. */
const LEAST_PROBABILITY = 1e-7;

function exactly(output: tfl.SymbolicTensor): tfl.SymbolicTensor | undefined {
  const { sourceLayer: layer, inputs } = output;
  const [input] = inputs;
  if (!input || inputs.length > 1) return undefined;
  if (layer instanceof tfl.LayersModel) {
    const inner = layer.outputs.length === 1 && exactly(layer.outputs[0]!);
    return inner ? (tfl.model({ inputs: layer.inputs, outputs: inner }).apply(input) as tfl.SymbolicTensor) : undefined;
  }
  switch (knownClass(layer)) {
    case Dense.className:
    case 'Dense':
      return isSoftmax(layer, output) ? computed(input, output, (x) => tf.logSoftmax(logitsOf(layer, x))) : undefined;
    case 'Activation':
    case 'Softmax':
      return isSoftmax(layer, output) ? computed(input, output, (x) => tf.logSoftmax(x)) : undefined;
    case UncertainFrames.className: {
      const { reading } = (layer as UncertainFrames).options;
      return computed(input, output, (x: tf.Tensor3D, mask) => labelLogLikelihoods(x, reading, mask));
    }
    case MeanPooling.className:
    case 'GlobalAveragePooling1D': {
      const ofFrames = exactly(input);
      return ofFrames && computed(ofFrames, output, logMean);
    }
  }
  return undefined;
}

/** The name of a layer's class, where it is the library's own or tfjs' of that name; a subclass might compute something else. */
function knownClass(layer: tfl.layers.Layer): string | undefined {
  const name = layer.getClassName();
  const registered = tf.serialization.SerializationMap.getMap().classNameMap[name]?.[0];
  const known: readonly unknown[] = [Dense, MeanPooling, UncertainFrames, registered];
  return known.includes(layer.constructor) ? name : undefined;
}

/** Whether a layer's activation, or the layer itself, is a softmax over the last axis. */
function isSoftmax(layer: tfl.layers.Layer, { shape }: tfl.SymbolicTensor): boolean {
  const { activation = 'softmax', axis } = layer.getConfig();
  return activation === 'softmax' && (axis == null || axis === -1 || axis === shape.length - 1);
}

/** The logits of a dense layer, before its activation, [..., inputs] → [..., units]. */
function logitsOf(layer: tfl.layers.Layer, x: tf.Tensor): tf.Tensor {
  const [kernel, bias] = layer.weights.map((weight) => weight.read()) as [tf.Tensor2D, tf.Tensor1D?];
  return dense(x, kernel, bias ?? tf.zeros([kernel.shape[1]]));
}

/** The logarithm of the mean over the frames that count, from the logarithms, [batch, frames, labels] → [batch, labels]. */
function logMean(logs: tf.Tensor3D, mask: tf.Tensor2D | undefined): tf.Tensor {
  if (!mask) return tf.sub(logSum(logs), Math.log(logs.shape[1]));
  const left = tf.mul(tf.expandDims(tf.sub(1, mask), 2), NEVER); // [batch, frames, 1]: very low where masked out
  const count = tf.sum(mask, 1, true); // [batch, 1]
  const mean = tf.sub(logSum(tf.add(logs, left)), tf.log(tf.maximum(count, 1)));
  // Without any frame the mean is 0, which is no distribution, and there is nothing to learn.
  const some = tf.minimum(count, 1);
  return tf.add(tf.mul(mean, some), tf.mul(tf.sub(1, some), Math.log(LEAST_PROBABILITY)));
}

/**
 * The logarithm of the sum over the frames, from the logarithms, [batch, frames, labels] → [batch, labels]. Its gradient is each
 * frame's share in the sum, computed in one step: that of `tf.logSumExp` goes back through all of its ops and takes three times as long.
 */
function logSum(logs: tf.Tensor3D): tf.Tensor2D {
  const operation = tf.customGrad((x, save) => {
    const most = tf.max(x as tf.Tensor3D, 1, true); // [batch, 1, labels]
    const powers = tf.exp(tf.sub(x as tf.Tensor3D, most));
    const sum = tf.sum(powers, 1, true);
    (save as tf.GradSaveFunc)([tf.div(powers, sum)]);
    const value = tf.squeeze(tf.add(tf.log(sum), most), [1]);
    return { value, gradFunc: (dy, [shares]) => tf.mul(tf.expandDims(dy, 1), shares!) };
  });
  return operation(logs) as tf.Tensor2D;
}

/** A logarithm so low that its exponential is 0. */
const NEVER = -1e9;

type Compute<X extends tf.Tensor> = (x: X, mask: tf.Tensor2D | undefined) => tf.Tensor;

/** The output of a layer that computes so, for an input, with the shape of another output. */
function computed<X extends tf.Tensor>(
  input: tfl.SymbolicTensor,
  { shape }: tfl.SymbolicTensor,
  compute: Compute<X>,
): tfl.SymbolicTensor {
  return new Computed(shape, compute as Compute<tf.Tensor>).apply(input) as tfl.SymbolicTensor;
}

/** A layer without weights of its own. It is never saved. */
class Computed extends tfl.layers.Layer {
  static readonly className = 'SpeechEmotionLogProbabilities';
  readonly #shape: tfl.Shape;
  readonly #compute: Compute<tf.Tensor>;

  constructor(shape: tfl.Shape, compute: Compute<tf.Tensor>) {
    super({});
    this.supportsMasking = true; // and passed on, to the mean over frames
    this.#shape = shape;
    this.#compute = compute;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs);
      return this.#compute(x, frameMaskOf(x, kwargs));
    });
  }

  override computeOutputShape(): tfl.Shape {
    return this.#shape;
  }
}
