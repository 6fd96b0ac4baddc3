// network → a copy for inference, with batch normalisation folded into convolutions

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { BatchNorm } from '../layers/batchNorm.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { MaxPool2d } from '../layers/maxPool2d.ts';
import { applyTo, canCopy, copyLayers, layerLike } from './copyLayers.ts';

/**
 * Copies a network for inference: where batch normalisation follows a convolution (directly, or after max pooling), it is folded into
 * the convolution's filters and bias, and the ReLU into the convolution, or left behind a pooling that filters. Outputs differ by
 * rounding only.
 *
 * A normalisation behind a max pooling stays as it is where a channel has a negative scale: that would need each window's minimum.
 *
 * @returns the copy, the caller's to dispose; undefined when there is nothing to fold, or a layer of the network is used more than once
 *   or is a network itself
 */
export async function foldBatchNorm(network: tfl.LayersModel): Promise<tfl.LayersModel | undefined> {
  if (!canCopy(network)) return undefined;
  const folds = new Map<tfl.layers.Layer, Fold>();
  for (const layer of network.layers) {
    const fold = layer instanceof BatchNorm ? await foldOf(layer, network) : undefined;
    if (fold) for (const part of [fold.conv, fold.norm]) folds.set(part, fold);
  }
  if (folds.size === 0) return undefined;
  return copyLayers(network, `${network.name}_folded`, (layer, from) => {
    const fold = folds.get(layer);
    return layer === fold?.norm ? afterFold(fold, from[0]!) : applyCopy(layer, fold, from);
  });
}

/** A convolution and the normalisation that goes into it. */
interface Fold {
  readonly conv: Conv2d;
  readonly norm: BatchNorm;
  /** Whether the ReLU can go into the convolution too: it cannot pass a filter. */
  readonly rectify: boolean;
}

async function foldOf(norm: BatchNorm, network: tfl.LayersModel): Promise<Fold | undefined> {
  let before = sourceOf(norm, network);
  const pool = before instanceof MaxPool2d ? before : undefined;
  if (pool) before = sourceOf(pool, network);
  if (!(before instanceof Conv2d) || before.options.activation !== 'linear') return undefined;
  const fold: Fold = { conv: before, norm, rectify: !pool?.options.antiAlias };
  if (!pool) return fold;
  const scales = (await norm.getWeights()[0]!.data()) as Float32Array;
  return scales.every((scale) => scale >= 0) ? fold : undefined;
}

/** The layer whose output this layer reads, if no other layer reads it. */
function sourceOf(layer: tfl.layers.Layer, network: tfl.LayersModel): tfl.layers.Layer | undefined {
  const tensor = layer.input as tfl.SymbolicTensor;
  const readers = network.layers.filter((other) => other.inboundNodes[0]?.inputTensors.includes(tensor));
  return readers.length === 1 && !network.outputs.includes(tensor) ? tensor.sourceLayer : undefined;
}

/** What is left of a normalisation that went into the convolution. */
function afterFold({ norm, rectify }: Fold, from: tfl.SymbolicTensor): tfl.SymbolicTensor {
  const { activation } = norm.options;
  if (rectify || activation === 'linear') return from;
  return tfl.layers.activation({ name: norm.name, activation }).apply(from) as tfl.SymbolicTensor;
}

function applyCopy(
  layer: tfl.layers.Layer,
  fold: Fold | undefined,
  from: readonly tfl.SymbolicTensor[],
): tfl.SymbolicTensor {
  const activation = fold?.rectify ? fold.norm.options.activation : 'linear';
  const copy = layerLike(layer, fold && { useBias: true, activation });
  const output = applyTo(copy, from);
  tf.tidy(() => copy.setWeights(fold ? foldedWeights(fold) : layer.getWeights()));
  return output;
}

/** γ·(w·x + b − μ)/√(σ² + ε) + β = (s·w)·x + (b − μ)·s + β with s = γ/√(σ² + ε). */
function foldedWeights({ conv, norm }: Fold): tf.Tensor[] {
  const [kernel, bias = tf.scalar(0)] = conv.getWeights() as [tf.Tensor, tf.Tensor?];
  const [gamma, beta, mean, variance] = norm.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, norm.options.epsilon)));
  return [tf.mul(kernel, scale), tf.add(tf.mul(tf.sub(bias, mean), scale), beta)];
}
