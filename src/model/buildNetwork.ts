// topology and weights → network, or an error that leaves no tensor behind

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { BackendError, ModelFormatError } from '../core/errors.ts';
import { backendFault } from '../kernels/wasmGuard.ts';
import { noteMade } from './madeTensors.ts';
import { weightCount } from './weightSpecs.ts';

/**
 * Builds a network from its topology and weights, and leaves no tensor behind where that fails.
 *
 * `loadLayersModel` builds in one synchronous run as soon as the handler's promise resolves. Two microtasks bracket that run and only
 * that run, so tensors made in between belong to this network, even when others load at the same time.
 *
 * @throws {ModelFormatError} with the reason that tfjs gives, or when the layers need more weights than are stored
 */
export async function buildNetwork(artifacts: tf.io.ModelArtifacts): Promise<tfl.LayersModel> {
  let resolve: (artifacts: tf.io.ModelArtifacts) => void = () => {};
  const loaded = new Promise<tf.io.ModelArtifacts>((resolver) => {
    resolve = resolver;
  });
  const building = tfl.loadLayersModel({ load: () => loaded });
  let ended: () => tf.Tensor[] = () => [];
  let unbound: () => void = () => {};
  let made: tf.Tensor[] = [];
  queueMicrotask(() => {
    ended = noteMade();
    unbound = boundWeights(weightCount(artifacts.weightSpecs!));
  });
  resolve(artifacts);
  queueMicrotask(() => {
    unbound();
    made = ended();
  });
  try {
    return disposedWhole(await building);
  } catch (cause) {
    const fault = backendFault(cause); // before anything is freed
    for (const tensor of made) tensor.dispose();
    if (fault instanceof BackendError) throw fault;
    throw new ModelFormatError(`Cannot read the model: its network cannot be built: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * The network, with a `dispose` that frees all its weights. That of tfjs lowers each layer's count of calls by one, and so keeps the
 * weights of a layer that is called twice.
 */
function disposedWhole(network: tfl.LayersModel): tfl.LayersModel {
  const variables = network.weights.map((weight) => weight.read());
  const dispose = network.dispose.bind(network);
  network.dispose = () => {
    const result = dispose();
    if (result.refCountAfterDispose === 0) tf.dispose(variables); // those not disposed of yet
    return result;
  };
  return network;
}

/**
 * Bounds the number of weights of all layers that are built from now on by the number stored: a few characters of a topology can ask
 * for more than any memory holds. It wraps `addWeight`, by which tfjs' layers and those of callers make their weights.
 *
 * Meanwhile, layers draw no initial weights and apply no constraints: weights are loaded as they were stored, and tfjs leaks a tensor
 * for each that it constrains.
 *
 * @returns function that ends this, to be called in the same synchronous run
 */
function boundWeights(most: number): () => void {
  const { prototype } = tfl.layers.Layer as unknown as { prototype: { addWeight: AddWeight } };
  const { addWeight } = prototype;
  let count = 0;
  const constrained = new Map<Constrained, unknown>();
  prototype.addWeight = function (name, shape, ...others) {
    count += shape.reduce((product, axis) => product * axis, 1);
    if (!(count <= most)) {
      throw new RangeError(
        `its layers must have the ${most} weights that are stored, and need more for ${this.name}/${name}`,
      );
    }
    this.setFastWeightInitDuringBuild(true); // tfjs does so itself, but not in networks within networks
    const weight = addWeight.call(this, name, shape, ...others) as unknown as Constrained;
    constrained.set(weight, weight.constraint);
    weight.constraint = null;
    return weight as unknown as tfl.LayerVariable;
  };
  return () => {
    prototype.addWeight = addWeight;
    for (const [weight, constraint] of constrained) weight.constraint = constraint;
  };
}

/** A private field of `LayerVariable`. */
interface Constrained {
  constraint: unknown;
}

type AddWeight = (this: tfl.layers.Layer, name: string, shape: number[], ...others: unknown[]) => tfl.LayerVariable;
