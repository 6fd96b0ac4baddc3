// trained models + ExampleSet → labelled predictions

import { checkExamples } from '../exampleSet/checkExamples.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { type PredictOptions, predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { checkPredictions } from './checkPredictions.ts';
import type { LabelledPrediction } from './labelledPrediction.ts';

/**
 * Predicts the clips of a set, without their speed copies.
 *
 * @throws {RangeError | TypeError} when the set is invalid
 * @throws what `predict` throws
 */
export async function predictExamples(
  model: TrainedModel,
  set: ExampleSet,
  options: PredictOptions = {},
): Promise<LabelledPrediction[]> {
  const { examples } = checkExamples('predict examples', set);
  const predictions = await predict(
    model,
    examples.map(({ variants }) => variants[0]!),
    options,
  );
  return examples.map(({ name, label, speaker, groups }, i) => ({
    name,
    label,
    speaker,
    groups,
    probabilities: Array.from(predictions[i]!.probabilities),
  }));
}

/**
 * The prediction of an ensemble: the mean of the models' probabilities for each clip.
 *
 * @param predictions of each model, on the same clips in the same order
 * @throws {RangeError | TypeError} when there are no predictions, they are of different clips, or a label or probabilities are not in their range
 */
export function averagePredictions(predictions: readonly (readonly LabelledPrediction[])[]): LabelledPrediction[] {
  const [first, ...others] = predictions;
  if (!first) throw new RangeError('Cannot average predictions: there must be predictions, got none');
  const names = JSON.stringify(first.map(({ name }) => name));
  if (others.some((other) => JSON.stringify(other.map(({ name }) => name)) !== names)) {
    throw new RangeError('Cannot average predictions: all must be of the same clips in the same order');
  }
  const labelCount = checkPredictions('average predictions', first)[0]!.probabilities.length;
  for (const other of others) checkPredictions('average predictions', other, labelCount);
  return first.map((clip, i) => ({
    ...clip,
    probabilities: Array.from(clip.probabilities, (_, label) => {
      const sum = predictions.reduce((total, own) => total + own[i]!.probabilities[label]!, 0);
      return sum / predictions.length;
    }),
  }));
}
