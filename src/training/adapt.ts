// TrainedModel + ExampleSet of other labels → a model of those: what adapts is loaded when it is first asked for

import { TrainingError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainReport } from './trainReport.ts';

/** Options of {@link adapt}: those of `train` but for the window, which is the model's; some have other defaults. */
export interface AdaptOptions extends Omit<TrainOptions, 'window' | 'auxiliary'> {
  /**
   * What is adapted: the new classifying layer alone, in seconds, by regression on what it reads, without epochs; or that first, and then
   * all layers. The layer alone is better where there are few clips.
   *
   * @default 'all'
   */
  readonly layers?: 'head' | 'all' | undefined;
  /** How often to go over all clips when all layers are adapted. @default 20 */
  readonly epochs?: number | undefined;
  /** The highest learning rate of the schedule, that of the classifying layer. @default 0.0005 */
  readonly learningRate?: number | undefined;
  /**
   * By what the learning rate falls from each layer with weights to the one below it (discriminative rates): the first layers, which
   * hear what all voices have in common, change least.
   *
   * @default 1.5
   * @see Howard & Ruder 2018, "Universal language model fine-tuning for text classification", https://arxiv.org/abs/1801.06146
   */
  readonly rateDecay?: number | undefined;
}

/**
 * Adapts a trained model to labels of your own: `agitated` and `calm`, three kinds of barks, a corpus with other emotions.
 *
 * The network is copied with a new classifying layer, which is fitted to what it reads in the clips; then all layers are trained
 * further. With few clips, this needs a fraction of what training from scratch needs. The model's features, normaliser and window stay.
 *
 * @param model stays as it is
 * @param data of the features of the model, `prepareExamples(clips, { features: model.settings.features })`, and of any labels
 * @returns a report of `train`; the network of its model is the caller's to dispose
 * @throws {RangeError | TypeError} when an option is wrong, the data is not of the model's features, or the network does not end in a
 *   softmax of weighted sums
 * @throws what `train` throws
 *
 * @example
 * ```ts
 * const examples = await prepareExamples(clips, { features: base.settings.features });
 * const { model } = await adapt(base, examples, { layers: 'head' });
 * ```
 */
export async function adapt(model: TrainedModel, data: ExampleSet, options: AdaptOptions = {}): Promise<TrainReport> {
  const { adaptModel } = await loadPart(
    import('./adaptModel.ts'),
    (reason, cause) => new TrainingError(`Cannot adapt: what trains is ${reason}`, { cause }),
  );
  return adaptModel(model, data, options);
}
