// topology and weights → network, or nothing at all

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { BackendError, ModelFormatError } from '../core/errors.ts';
import { backendFault } from '../kernels/wasmGuard.ts';
import { noteMade } from './madeTensors.ts';
import { weightCount } from './weightSpecs.ts';

/**
 * Builds the network, leaving nothing behind where that fails.
 *
 * `loadLayersModel` builds in one synchronous run as soon as the handler's promise resolves. Two microtasks bracket that
 * run, and only that run: what was made in between is the failed network's, whoever else is loading meanwhile.
 *
 * @throws {ModelFormatError} with the reason that tfjs gives, or where its layers want more weights than there are
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
 * The network, whose weights all go when it is disposed of. tfjs counts the calls of a layer and takes off one: of a layer that is
 * called twice the weights would stay.
 */
function disposedWhole(network: tfl.LayersModel): tfl.LayersModel {
  const variables = network.weights.map((weight) => weight.read());
  const dispose = network.dispose.bind(network);
  network.dispose = () => {
    const result = dispose();
    if (result.refCountAfterDispose === 0) tf.dispose(variables); // those that are left
    return result;
  };
  return network;
}

/**
 * Keeps the layers that are built from now on from having more weights together than there are to load: a few characters of
 * a topology can ask for more than any memory has. Where tfjs makes weights, so that its own layers and callers' are held, too.
 *
 * Nor does it put constraints on them meanwhile: weights are loaded as they were stored, and tfjs leaves a tensor behind for each that
 * it constrains.
 *
 * @returns ends that, to be called in the same synchronous run
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
        `its layers must have the ${most} weights that are stored, and want more for ${this.name}/${name}`,
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

/** What `LayerVariable` keeps to itself. */
interface Constrained {
  constraint: unknown;
}

type AddWeight = (this: tfl.layers.Layer, name: string, shape: number[], ...others: unknown[]) => tfl.LayerVariable;
