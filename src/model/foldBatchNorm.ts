// network → a copy for inference, with batch normalisation folded into convolutions

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { onBackend } from '../kernels/wasmGuard.ts';
import { BatchNorm } from '../layers/batchNorm.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { MaxPool2d } from '../layers/maxPool2d.ts';
import { noteMade } from './madeTensors.ts';

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
  if (network.inputs.length !== 1 || !network.layers.every(inputsOf)) return undefined;
  const folds = new Map<tfl.layers.Layer, Fold>();
  for (const layer of network.layers) {
    const fold = layer instanceof BatchNorm ? await foldOf(layer, network) : undefined;
    if (fold) for (const part of [fold.conv, fold.norm]) folds.set(part, fold);
  }
  if (folds.size === 0) return undefined;
  const made = noteMade();
  let copy: tfl.LayersModel | undefined;
  try {
    copy = onBackend(() => copyOf(network, folds));
    return copy;
  } finally {
    const tensors = made();
    if (!copy) tf.dispose(tensors); // of the layers up to the one that failed
  }
}

function copyOf(network: tfl.LayersModel, folds: ReadonlyMap<tfl.layers.Layer, Fold>): tfl.LayersModel {
  const made = new Map<tfl.SymbolicTensor, tfl.SymbolicTensor>();
  const [input] = network.inputs as [tfl.SymbolicTensor];
  made.set(input, tfl.input({ batchShape: input.shape, name: input.name }));
  for (const layer of network.layers) {
    if (layer.output === input) continue; // the input layer
    const from = inputsOf(layer)!.map((tensor) => made.get(tensor)!);
    const fold = folds.get(layer);
    if (layer === fold?.norm) made.set(layer.output as tfl.SymbolicTensor, afterFold(fold, from[0]!));
    else made.set(layer.output as tfl.SymbolicTensor, applyCopy(layer, fold, from));
  }
  const outputs = network.outputs.map((tensor) => made.get(tensor)!);
  return tfl.model({ inputs: made.get(input)!, outputs, name: `${network.name}_folded` });
}

/** A convolution and the normalisation that goes into it. */
interface Fold {
  readonly conv: Conv2d;
  readonly norm: BatchNorm;
  /** Whether the ReLU can go into the convolution too: it cannot pass a filter. */
  readonly rectify: boolean;
}

/** Inputs of a layer; undefined where it is applied more than once, has several outputs or is a network. */
function inputsOf(layer: tfl.layers.Layer): tfl.SymbolicTensor[] | undefined {
  if (layer.inboundNodes.length !== 1 || Array.isArray(layer.output) || layer instanceof tfl.LayersModel)
    return undefined;
  return layer.inboundNodes[0]!.inputTensors;
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

function applyCopy(layer: tfl.layers.Layer, fold: Fold | undefined, from: tfl.SymbolicTensor[]): tfl.SymbolicTensor {
  const layerClass = layer.constructor as unknown as LayerClass;
  const activation = fold?.rectify ? fold.norm.options.activation : 'linear';
  const config = { ...layer.getConfig(), ...(fold && { useBias: true, activation }) };
  const copy = layerClass.fromConfig(layerClass, config);
  copy.setFastWeightInitDuringBuild(true); // its weights are set below
  const output = copy.apply(from.length === 1 ? from[0]! : from) as tfl.SymbolicTensor;
  tf.tidy(() => copy.setWeights(fold ? foldedWeights(fold) : layer.getWeights()));
  return output;
}

interface LayerClass {
  fromConfig(layerClass: LayerClass, config: tf.serialization.ConfigDict): tfl.layers.Layer;
}

/** γ·(w·x + b − μ)/√(σ² + ε) + β = (s·w)·x + (b − μ)·s + β with s = γ/√(σ² + ε). */
function foldedWeights({ conv, norm }: Fold): tf.Tensor[] {
  const [kernel, bias = tf.scalar(0)] = conv.getWeights() as [tf.Tensor, tf.Tensor?];
  const [gamma, beta, mean, variance] = norm.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, norm.options.epsilon)));
  return [tf.mul(kernel, scale), tf.add(tf.mul(tf.sub(bias, mean), scale), beta)];
}
