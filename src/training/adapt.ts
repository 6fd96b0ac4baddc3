// TrainedModel + ExampleSet of other labels → a model of those: what adapts is loaded when it is first asked for

import { TrainingError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import type { AdaptOptions } from './adaptOptions.ts';
import type { TrainReport } from './trainReport.ts';

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
