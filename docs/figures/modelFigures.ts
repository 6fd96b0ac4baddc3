// predictions of a few seeds on all folds → figures of the single model, or of the ensemble as if it were a seed

import { type MeanAndStd, meanAndStd, type SeedPredictions } from '../../src/crossValidation/crossValidation.ts';
import { fitTemperature, withTemperature } from '../../src/evaluation/calibrate.ts';
import { type Evaluation, type ProbabilityScores, summarise } from '../../src/evaluation/evaluation.ts';
import type { ConfusionMatrix, LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import {
  brierScore,
  confusionMatrix,
  expectedCalibrationError,
  macroF1,
  negativeLogLikelihood,
  unweightedAverageRecall,
  weightedAverageRecall,
} from '../../src/evaluation/metrics.ts';
import { type Interval, speakerBootstrap } from '../../src/evaluation/speakerBootstrap.ts';

/** A score over seeds, with an interval for other actors. */
export interface Figure extends MeanAndStd {
  /** Bootstrap over the actors, each with their clips of all seeds. */
  readonly interval: Interval;
}

/** Scores of models that differ by their seed alone. */
export interface ModelFigures {
  readonly uar: Figure;
  readonly war: Figure;
  readonly macroF1: Figure;
  /** With neutral and calm as one label. */
  readonly merged: { readonly uar: Figure; readonly war: Figure };
  /** Counts of all seeds' clips together. */
  readonly pooled: Pick<Evaluation, 'confusion' | 'recalls' | 'groups'>;
  /** Means over the seeds, before and after calibration. */
  readonly uncalibrated: ProbabilityScores;
  readonly calibrated: ProbabilityScores;
  /** The predictions, and the same calibrated, seed by seed. */
  readonly seeds: readonly SeedPredictions[];
  readonly calibratedClips: readonly LabelledPrediction[];
}

/** Calm was added to the corpus as a second neutral baseline. */
const MERGED = ['neutral', 'calm'] as const;

/** Every figure of a model. */
export function modelFigures(labels: readonly string[], seeds: readonly SeedPredictions[]): ModelFigures {
  const calibrated = seeds.map(calibrateByOthers);
  const merged = seeds.map((seed) => mergeLabels(labels, seed));
  const { confusion, recalls, groups } = summarise(labels, [{ predictions: seeds.flatMap(clipsOf), temperature: 1 }], {
    resamples: 1, // the interval is taken below
  });
  return {
    uar: overSeeds(seeds, labels.length, unweightedAverageRecall),
    war: overSeeds(seeds, labels.length, weightedAverageRecall),
    macroF1: overSeeds(seeds, labels.length, macroF1),
    merged: {
      uar: overSeeds(merged, labels.length, unweightedAverageRecall),
      war: overSeeds(merged, labels.length, weightedAverageRecall),
    },
    pooled: { confusion, recalls, groups },
    uncalibrated: meanScores(seeds.map(clipsOf)),
    calibrated: meanScores(calibrated),
    seeds,
    calibratedClips: calibrated.flat(),
  };
}

/** All clips of a seed. */
export function clipsOf({ folds }: SeedPredictions): LabelledPrediction[] {
  return folds.flatMap(({ predictions }) => predictions);
}

/** A score, with its interval by all seeds' clips together. */
export function overSeeds(
  seeds: readonly SeedPredictions[],
  labelCount: number,
  figure: (confusion: ConfusionMatrix) => number,
): Figure {
  const interval = speakerBootstrap(seeds.flatMap(clipsOf), labelCount, figure);
  return { ...meanOverSeeds(seeds, labelCount, figure), interval };
}

/** Mean of a score over the seeds, and its sample standard deviation, null for a single seed. */
export function meanOverSeeds(
  seeds: readonly SeedPredictions[],
  labelCount: number,
  figure: (confusion: ConfusionMatrix) => number,
): MeanAndStd {
  return meanAndStd(seeds.map((seed) => figure(confusionMatrix(clipsOf(seed), labelCount))));
}

/** The clips of a seed, each fold calibrated by the temperature fitted to the other folds, as `crossValidate` does it. */
function calibrateByOthers({ folds }: SeedPredictions): LabelledPrediction[] {
  return folds.flatMap(({ name, predictions }) => {
    const others = folds.flatMap((fold) => (fold.name === name ? [] : fold.predictions));
    return others.length > 0 ? withTemperature(predictions, fitTemperature(others)) : predictions;
  });
}

/** Merges the labels into the first of them; the others stay empty. */
function mergeLabels(labels: readonly string[], { seed, folds }: SeedPredictions): SeedPredictions {
  const places = MERGED.map((label) => labels.indexOf(label)).filter((place) => place >= 0);
  const [first] = places;
  const merge = (clip: LabelledPrediction): LabelledPrediction => ({
    ...clip,
    label: places.includes(clip.label) ? first! : clip.label,
    probabilities: labels.map((_, i) => {
      if (!places.includes(i)) return clip.probabilities[i]!;
      return i === first ? places.reduce((sum, place) => sum + clip.probabilities[place]!, 0) : 0;
    }),
  });
  return { seed, folds: folds.map(({ name, predictions }) => ({ name, predictions: predictions.map(merge) })) };
}

function meanScores(seeds: readonly (readonly LabelledPrediction[])[]): ProbabilityScores {
  return {
    nll: meanOf(seeds.map(negativeLogLikelihood)),
    brier: meanOf(seeds.map(brierScore)),
    ece: meanOf(seeds.map((clips) => expectedCalibrationError(clips))),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
