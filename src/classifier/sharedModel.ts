// a model that several classifiers run → kept until the last of them lets go of it

import type { TrainedModel } from '../model/trainedModel.ts';

/** A model, and how many use it. */
export class SharedModel {
  readonly model: TrainedModel;
  /** The model that is run: the network itself, or a faster copy of it. */
  readonly runner: TrainedModel;
  #users = 0;

  constructor(model: TrainedModel, runner: TrainedModel) {
    this.model = model;
    this.runner = runner;
  }

  /** One more uses it, which is to release it. */
  take(): this {
    this.#users++;
    return this;
  }

  /** One less uses it: the networks are disposed of after the last. */
  release(): void {
    if (--this.#users > 0) return;
    for (const network of new Set([this.model.network, this.runner.network])) network.dispose();
  }
}
