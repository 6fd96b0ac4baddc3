// TrainedModel + ExampleSet → Evaluation

import { checkNothingElse, checkOptions } from '../core/check.ts';
import { checkExamples } from '../exampleSet/checkExamples.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { uncalibrated } from './calibrate.ts';
import { checkFits } from './checkFits.ts';
import { type Evaluation, summarise } from './evaluation.ts';
import { predictExamples } from './labelledPredictions.ts';
import { type BootstrapOptions, resolveBootstrap } from './speakerBootstrap.ts';

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** Windows that go through the network at once; does not change the result. @default see {@link PredictOptions} */
  readonly batchSize?: number | undefined;
  /** Options of the UAR's confidence interval. */
  readonly bootstrap?: BootstrapOptions | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Evaluates a model on labelled clips, without their speed copies.
 *
 * @param data clips that the model was not trained on and by which nothing about it was chosen; labels and features must be the
 *   model's
 * @throws {RangeError | TypeError} when there are no examples, a clip is invalid (an unknown label, no frames), labels or features differ from
 *   the model's, or an option is wrong
 * @throws the signal's reason when it aborts
 *
 * @example
 * ```ts
 * const evaluation = await evaluate(model, test);
 * console.log(formatEvaluation(evaluation));
 * ```
 */
export async function evaluate(
  model: TrainedModel,
  data: ExampleSet,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { batchSize, bootstrap, signal, ...rest } = checkOptions('evaluate', options);
  checkNothingElse('evaluate', rest);
  if (bootstrap !== undefined) resolveBootstrap(bootstrap, 'bootstrap');
  if (checkExamples('evaluate', data).examples.length === 0) {
    throw new RangeError('Cannot evaluate: there must be examples, got none');
  }
  checkFits('evaluate', model, data);
  const { temperature } = model.settings.calibration;
  const predictions = await predictExamples(uncalibrated(model), data, { batchSize, signal });
  return summarise(data.labels, [{ predictions, temperature }], bootstrap);
}
