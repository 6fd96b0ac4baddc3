// model, step → its stochastic layers draw the masks of that step

import type * as tfl from '@tensorflow/tfjs-layers';
import { everyLayer } from './everyLayer.ts';

/** Each layer's step. */
const steps = new WeakMap<object, number>();

/**
 * Sets the training step of a model, and with it the masks that its stochastic layers draw. A loop that calls it before each batch
 * with that batch's number gets new masks at every step, and the same ones when the run is repeated or resumed. `train` does so
 * itself.
 *
 * @param model whose layers, those within networks and wrappers too, are at that step from now on
 * @param step an integer >= 0
 * @throws {RangeError} when step is not an integer >= 0
 * @example
 * for (const [step, batch] of batches.entries()) {
 *   setTrainingStep(network, step);
 *   optimizer.minimize(() => lossOf(network, batch));
 * }
 */
export function setTrainingStep(model: Pick<tfl.LayersModel, 'layers'>, step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(`Cannot set training step: step must be an integer >= 0, got ${step}`);
  }
  for (const layer of everyLayer(model)) steps.set(layer, step);
}

/**
 * The training step that a layer's model is at, for a stochastic layer of your own: random numbers that are a function of its seed and
 * of this step differ from step to step, and are the same when a run is repeated or resumed. In a training in threads each of them draws
 * the same for its part of the batch.
 *
 * @param layer any layer of a model
 * @returns what {@link setTrainingStep} set last, 0 before
 * @example
 * override call(inputs: tf.Tensor, { training = false }: CallOptions = {}): tf.Tensor {
 *   if (!training) return tf.clone(inputs);
 *   const random = new RandomStream(this.options.seed, 'noise', trainingStepOf(this));
 *   return tf.tidy(() => tf.add(inputs, tf.tensor(Float32Array.from({ length: inputs.size }, () => random.normal()), inputs.shape)));
 * }
 */
export function trainingStepOf(layer: object): number {
  return steps.get(layer) ?? 0;
}
