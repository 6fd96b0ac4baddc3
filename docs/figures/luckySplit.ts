// predictions of a cross-validation → the scores of many random splits: what the luckiest of them is worth

import { randomFolds } from '../../src/dataset/splits.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { confusionMatrix, unweightedAverageRecall } from '../../src/evaluation/metrics.ts';

/** How many splits are tried: the seeds of a random state that code counts through. */
export const SPLITS = 100;

/**
 * UAR of each of a hundred random test sets of a tenth of the clips, stratified by label as the folds of sd10 are.
 *
 * Nothing is trained for it: each clip was predicted by the model of a fold that had not heard it, so a test set differs from a fold by
 * which clips happen to be in it, and by nothing else.
 *
 * @param predictions of all folds' test clips
 */
export function luckySplits(labels: readonly string[], predictions: readonly LabelledPrediction[]): number[] {
  const clips = predictions.map((prediction) => ({
    ...{ prediction, label: labels[prediction.label]!, speaker: prediction.speaker, groups: prediction.groups },
  }));
  return Array.from({ length: SPLITS }, (_, seed) => {
    const { test } = randomFolds(clips, { folds: 10, by: 'recording', seed })[0]!;
    const confusion = confusionMatrix(
      test.map(({ prediction }) => prediction),
      labels.length,
    );
    return unweightedAverageRecall(confusion);
  });
}
