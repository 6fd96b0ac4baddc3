// topology and weights → network, or an error that leaves no tensor behind

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { BackendError, ModelFormatError } from '../core/errors.ts';
import { weightBound } from '../kernels/tfjs/layerWeights.ts';
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
 * @throws {BackendError} where the backend fails, or this version of tfjs lacks what this needs
 */
export async function buildNetwork(artifacts: tf.io.ModelArtifacts): Promise<tfl.LayersModel> {
  const bound = weightBound(weightCount(artifacts.weightSpecs!));
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
    unbound = bound();
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
