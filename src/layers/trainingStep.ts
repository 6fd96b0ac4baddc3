// model, step → its stochastic layers know which masks to draw

import type * as tfl from '@tensorflow/tfjs-layers';
import { everyLayer } from './everyLayer.ts';

/** A layer whose random masks are a function of its own seed and of a step that the training loop sets. */
export interface StochasticLayer {
  /** The training step that masks are drawn for. */
  step: number;
}

/**
 * Tells every stochastic layer of a model which step of the training comes next. A loop that calls it before each batch
 * with a number of that batch gets masks that are new at every step and the same when the run is repeated or resumed.
 *
 * @throws {RangeError} when step is not an integer >= 0
 */
export function setTrainingStep(model: tfl.LayersModel, step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(`Cannot set training step: step must be an integer >= 0, got ${step}`);
  }
  for (const layer of everyLayer(model)) if (isStochastic(layer)) layer.step = step;
}

function isStochastic(layer: object): layer is StochasticLayer {
  return typeof (layer as Partial<StochasticLayer>).step === 'number';
}
