// network → the weights of its classifying layer and what that reads; other weights → a network that shares all layers below

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { onBackend } from '../kernels/wasmGuard.ts';
import { Dense } from '../layers/dense.ts';
import { singleTensor } from '../layers/layer.ts';
import { allOrNothing } from './madeTensors.ts';
import { tensorsOf, valuesOf } from './weights.ts';

/** Weights from features to the logits of labels. */
export interface ClassifyingWeights {
  /** [features, labels] */
  readonly kernel: Float32Array;
  /** [labels] */
  readonly bias: Float32Array;
}

/** A network made of another's layers and perhaps some of its own. */
export interface SharingNetwork {
  /** Not to be disposed of: most of its layers are the other's, which has to live as long as this is used. */
  readonly network: tfl.LayersModel;
  /** Whether all of its layers are such as a saved model can have. */
  readonly savable: boolean;
  /** Frees what is not the other's. */
  dispose(): void;
}

/**
 * The weights of a network's classifying layer. In a network that ends in a softmax of weighted sums of features (one vector for each
 * window) that is its last layer. Any other network, such as one that classifies frames, counts as followed by a softmax of its own
 * log-probabilities, which says the same.
 *
 * @param network with one output, [batch, labels]
 */
export async function classifyingWeights(network: tfl.LayersModel): Promise<ClassifyingWeights> {
  const [output] = network.outputs as [tfl.SymbolicTensor];
  const labels = output.shape[1]!;
  if (!endsInSoftmaxOfSums(output)) {
    const kernel = Float32Array.from({ length: labels ** 2 }, (_, i) => (i % (labels + 1) === 0 ? 1 : 0));
    return { kernel, bias: new Float32Array(labels) };
  }
  const [kernel, bias] = await valuesOf(tensorsOf(output.sourceLayer.weights));
  return { kernel: kernel!, bias: bias ?? new Float32Array(labels) };
}

/** What the classifying layer of a network reads, [batch, frames, bins, 1] → [batch, features]. */
export function classifyingFeatures(network: tfl.LayersModel): SharingNetwork {
  const { input, savable, forget } = readBy(network);
  return { network: tfl.model({ inputs: network.inputs, outputs: input }), savable, dispose: forget };
}

/** The network with other weights in its classifying layer; all other layers are shared with it. */
export function withClassifyingWeights(network: tfl.LayersModel, { kernel, bias }: ClassifyingWeights): SharingNetwork {
  const { input, savable, forget } = readBy(network);
  const [output] = network.outputs as [tfl.SymbolicTensor];
  const name = savable ? output.sourceLayer.name : 'speaker_classes';
  const layer = new Dense({ name, units: bias.length, activation: 'softmax', seed: 0 });
  layer.setFastWeightInitDuringBuild(true); // its weights are set below
  const dispose = () => {
    forget();
    forgetReader(input, layer);
    layer.dispose();
  };
  const build = () => {
    const result = layer.apply(input) as tfl.SymbolicTensor;
    const shape: [number, number] = [kernel.length / bias.length, bias.length];
    tf.tidy(() => layer.setWeights([tf.tensor2d(kernel, shape), tf.tensor1d(bias)]));
    return tfl.model({ inputs: network.inputs, outputs: result, name: network.name });
  };
  try {
    return { network: onBackend(() => allOrNothing(build)), savable, dispose };
  } catch (error) {
    forget();
    forgetReader(input, layer);
    throw error;
  }
}

/** What the classifying layer reads, [batch, features], and how the network's layers forget that it was asked for. */
function readBy({ outputs }: tfl.LayersModel): { input: tfl.SymbolicTensor; savable: boolean; forget: () => void } {
  const [output] = outputs as [tfl.SymbolicTensor];
  if (endsInSoftmaxOfSums(output)) return { input: output.inputs[0]!, savable: true, forget: () => {} };
  const layer = new Logarithm({});
  const input = layer.apply(output) as tfl.SymbolicTensor;
  return { input, savable: false, forget: () => forgetReader(output, layer) };
}

/** Whether an output is a softmax of weighted sums of one vector, by the library's fully connected layer or tfjs' own. */
export function endsInSoftmaxOfSums({ sourceLayer, inputs }: tfl.SymbolicTensor): boolean {
  // By name: of a package that is loaded twice, either copy's will do.
  const isDense = [Dense.className, 'Dense'].includes(sourceLayer.getClassName());
  return isDense && inputs[0]?.shape.length === 2 && sourceLayer.getConfig().activation === 'softmax';
}

/** A layer keeps whatever ever read its output; this one does no more. */
function forgetReader({ sourceLayer: { outboundNodes } }: tfl.SymbolicTensor, reader: tfl.layers.Layer): void {
  const index = outboundNodes.findIndex(({ outboundLayer }) => outboundLayer === reader);
  if (index >= 0) outboundNodes.splice(index, 1);
}

/** Logarithms of probabilities, finite where one is 0. It is never saved. */
class Logarithm extends tfl.layers.Layer {
  static readonly className = 'SpeechEmotionLogarithm';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.log(tf.add(singleTensor(inputs), LEAST)));
  }

  override computeOutputShape(inputShape: tfl.Shape): tfl.Shape {
    return inputShape;
  }
}

/** About the smallest difference to 1 that float32 can represent. */
const LEAST = 1e-7;
