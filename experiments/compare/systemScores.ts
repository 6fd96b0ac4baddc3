// predictions of a system for each fold and seed → its scores, with an interval

import {
  confusionMatrix,
  type LabelledPrediction,
  speakerBootstrap,
  unweightedAverageRecall,
  weightedAverageRecall,
} from 'speech-emotion/evaluation';
import type { ComparedSystem } from '../results/resultFile.ts';

/** The predictions for a fold's test clips by the model of one seed. */
interface ScoredFold {
  readonly seed: number;
  readonly fold: string;
  readonly clips: readonly LabelledPrediction[];
}

/**
 * Scores of all folds' clips together, and of each fold. Over several seeds, scores are averaged, not probabilities. The interval is
 * that of the mean: an actor who is drawn comes with the clips of every seed.
 */
export function systemScores(
  labels: readonly string[],
  folds: readonly ScoredFold[],
): Pick<ComparedSystem, 'uar' | 'war' | 'interval' | 'folds'> {
  const seeds = [...new Set(folds.map(({ seed }) => seed))];
  const scores = (clips: readonly LabelledPrediction[]) => {
    const confusion = confusionMatrix(clips, labels.length);
    return { uar: unweightedAverageRecall(confusion), war: weightedAverageRecall(confusion) };
  };
  const clipsOf = (own: readonly ScoredFold[]) => own.flatMap(({ clips }) => clips);
  const whole = seeds.map((seed) => scores(clipsOf(folds.filter((fold) => fold.seed === seed))));
  const mean = (figure: 'uar' | 'war') => whole.reduce((sum, one) => sum + one[figure], 0) / whole.length;
  // The UAR of all seeds' clips is the mean of the seeds' UARs, since each seed predicts every clip.
  const { low, high } = speakerBootstrap(clipsOf(folds), labels.length, unweightedAverageRecall);
  return {
    uar: mean('uar'),
    war: mean('war'),
    interval: [low, high],
    folds: folds.map(({ seed, fold, clips }) => ({ seed, fold, ...scores(clips) })),
  };
}
