// network → another one of copies of its layers

import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { onBackend } from '../kernels/wasmGuard.ts';
import { noteMade } from './madeTensors.ts';

/** Makes the copy of one layer, applied to copies of what it reads. */
export type LayerCopier = (layer: tfl.layers.Layer, from: readonly tfl.SymbolicTensor[]) => tfl.SymbolicTensor;

/** Inputs of a layer; undefined where it is applied more than once, has several outputs or is a network: it cannot be copied then. */
function inputsOf(layer: tfl.layers.Layer): tfl.SymbolicTensor[] | undefined {
  if (layer.inboundNodes.length !== 1 || Array.isArray(layer.output) || layer instanceof tfl.LayersModel)
    return undefined;
  return layer.inboundNodes[0]!.inputTensors;
}

/** Whether {@link copyLayers} can copy a network. */
export function canCopy(network: tfl.LayersModel): boolean {
  return network.inputs.length === 1 && network.layers.every(inputsOf);
}

/**
 * Copies a network layer by layer.
 *
 * @param network one that {@link canCopy}
 * @returns the copy, the caller's to dispose
 */
export function copyLayers(network: tfl.LayersModel, name: string, copy: LayerCopier): tfl.LayersModel {
  const made = noteMade();
  let result: tfl.LayersModel | undefined;
  try {
    result = onBackend(() => {
      const copies = new Map<tfl.SymbolicTensor, tfl.SymbolicTensor>();
      const [input] = network.inputs as [tfl.SymbolicTensor];
      copies.set(input, tfl.input({ batchShape: input.shape, name: input.name }));
      for (const layer of network.layers) {
        if (layer.output === input) continue; // the input layer
        const from = inputsOf(layer)!.map((tensor) => copies.get(tensor)!);
        copies.set(layer.output as tfl.SymbolicTensor, copy(layer, from));
      }
      const outputs = network.outputs.map((tensor) => copies.get(tensor)!);
      return tfl.model({ inputs: copies.get(input)!, outputs, name });
    });
    return result;
  } finally {
    const tensors = made();
    if (!result) for (const tensor of tensors) tensor.dispose(); // of the layers up to the one that failed
  }
}

/** A layer of the same class with other options, or the same, and without weights until it is applied; these are to be set then. */
export function layerLike(layer: tfl.layers.Layer, changes: tf.serialization.ConfigDict = {}): tfl.layers.Layer {
  const layerClass = layer.constructor as unknown as LayerClass;
  const copy = layerClass.fromConfig(layerClass, { ...layer.getConfig(), ...changes });
  copy.setFastWeightInitDuringBuild(true);
  return copy;
}

/** Applies a layer to what it reads. */
export function applyTo(layer: tfl.layers.Layer, from: readonly tfl.SymbolicTensor[]): tfl.SymbolicTensor {
  return layer.apply(from.length === 1 ? from[0]! : [...from]) as tfl.SymbolicTensor;
}

interface LayerClass {
  fromConfig(layerClass: LayerClass, config: tf.serialization.ConfigDict): tfl.layers.Layer;
}
