// topology and weights → network, or nothing at all

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { ModelFormatError } from '../core/errors.ts';
import { drawFirstWeights } from '../layers/layer.ts';

/**
 * Holds that every layer's class is there to be built.
 *
 * @param topology of a tfjs layers model
 * @throws {ModelFormatError} naming the class that is not registered
 */
export function checkLayers(topology: unknown): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const { class_name, config } = node as { class_name?: unknown; config?: unknown };
      if (typeof class_name === 'string' && config !== undefined && !(class_name in known)) {
        throw new ModelFormatError(
          `Cannot read the model: its layer class ${class_name} is not registered. If it is your own, call ` +
            'tf.serialization.registerClass before loading; if it is not, there may be two copies of ' +
            '@tensorflow/tfjs-core (npm ls @tensorflow/tfjs-core lists them)',
        );
      }
      Object.values(node).forEach(visit);
    }
  };
  visit(topology);
}

/**
 * Builds the network, leaving nothing behind where that fails.
 *
 * `loadLayersModel` builds in one synchronous run as soon as the handler's promise resolves. Two microtasks bracket that
 * run, and only that run: what was registered in between is the failed network's, whoever else is loading meanwhile.
 *
 * @throws {ModelFormatError} with the reason that tfjs gives
 */
export async function buildNetwork(artifacts: tf.io.ModelArtifacts): Promise<tfl.LayersModel> {
  let resolve: (artifacts: tf.io.ModelArtifacts) => void = () => {};
  const loaded = new Promise<tf.io.ModelArtifacts>((resolver) => {
    resolve = resolver;
  });
  const engine = tf.engine();
  let before = new Set<tf.Variable>();
  let made: tf.Tensor[] = [];
  const building = tfl.loadLayersModel({ load: () => loaded });
  queueMicrotask(() => {
    before = new Set(Object.values(engine.registeredVariables));
    engine.startScope('build');
    drawFirstWeights(false);
  });
  resolve(artifacts);
  queueMicrotask(() => {
    drawFirstWeights(true);
    made = Object.values(engine.registeredVariables).filter((variable) => !before.has(variable));
    made.push(...engine.state.activeScope.track);
    engine.endScope(made); // frees nothing: layers may keep constants
  });
  try {
    return await building;
  } catch (cause) {
    for (const tensor of made) tensor.dispose();
    throw new ModelFormatError(`Cannot read the model: its network cannot be built: ${(cause as Error).message}`, {
      cause,
    });
  }
}
