// TrainedModel + ExampleSet → what the model says beside what is true

import { type PredictOptions, predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import type { ExampleSet } from './examples.ts';
import type { LabelledPrediction } from './metrics.ts';

/** Runs the clips of a set, each as it is and not its speed copies, through a model. */
export async function predictExamples(
  model: TrainedModel,
  { examples }: ExampleSet,
  options: PredictOptions = {},
): Promise<LabelledPrediction[]> {
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
