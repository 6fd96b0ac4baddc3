// network → how many operations and bytes a run of it takes

import type { LayersModel, layers, Shape } from '@tensorflow/tfjs-layers';

/**
 * Floating-point operations of one example: two for each weight of a matrix or kernel at each place where it is applied.
 * All others together are some thousandths of these.
 */
export function operationsOf(
  network: LayersModel,
  frames: number,
): { readonly forward: number; readonly step: number } {
  const perLayer = outputs(network, frames).map(
    ({ layer, shape }) => 2 * product(shape.slice(1, -1)) * matrixWeights(layer),
  );
  const forward = sum(perLayer);
  // Back come as many for the weights and as many for the input, but nobody asks for the gradient of the features.
  const first = perLayer.find((operations) => operations > 0) ?? 0;
  return { forward, step: 3 * forward - first };
}

/**
 * Bytes of one example that a training step cannot but move if every layer reads and writes memory once: forward its input
 * and output; back the gradient of its output, what it saved of its input, and the gradient of that.
 */
export function bytesOfStep(network: LayersModel, frames: number): number {
  const moved = outputs(network, frames).map(
    ({ sources, shape }) => 2 * product(shape) + 3 * sum(sources.map((source) => product(source))),
  );
  return 4 * sum(moved.slice(1));
}

interface Output {
  readonly layer: layers.Layer;
  /** Of its inputs and its output, for one example of so many frames. */
  readonly sources: readonly number[][];
  readonly shape: readonly number[];
}

/** Asks each layer in turn, since a network may leave the number of frames open. */
function outputs(network: LayersModel, frames: number): Output[] {
  const known = new Map<layers.Layer, number[]>();
  return network.layers.map((layer) => {
    const sources = layer.inboundNodes[0]!.inboundLayers.map((source) => known.get(source)!);
    const [, , ...sizes] = network.inputs[0]!.shape as number[];
    const given = sources.length === 1 ? sources[0]! : sources;
    const shape = sources.length === 0 ? [1, frames, ...sizes] : (layer.computeOutputShape(given) as Shape as number[]);
    known.set(layer, shape);
    return { layer, sources, shape };
  });
}

function matrixWeights(layer: layers.Layer): number {
  return sum(layer.getWeights().map((weight) => (weight.rank > 1 ? weight.size : 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}
