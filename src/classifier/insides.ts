// a classifier → what the worker's end needs of it: that end loads no TensorFlow.js of its own

import type { TrainedModel } from '../model/trainedModel.ts';

/** Of each classifier, for this library's own use. */
export const insides = new WeakMap<object, Insides>();

interface Insides {
  /** The model for all speakers, also where the classifier is for one. */
  readonly model: TrainedModel;
  readonly loadPersonalise: () => Promise<typeof import('./personalise.ts')>;
}
