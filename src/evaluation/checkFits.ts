// model + examples → the examples, when their labels and features are the model's

import { checkObject } from '../core/check.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { TrainedModel } from '../model/trainedModel.ts';

/** The examples, when their labels and features are the model's; a {@link RangeError} otherwise. */
export function checkFits(action: string, { settings }: TrainedModel, data: ExampleSet): ExampleSet {
  checkObject(action, 'data', data);
  for (const part of ['labels', 'features'] as const) {
    const [own, given] = [JSON.stringify(settings[part]), JSON.stringify(data[part])];
    if (own !== given) throw new RangeError(`Cannot ${action}: ${part} must be the model's, ${own}, got ${given}`);
  }
  return data;
}
