// predictions on held-out clips → how many are right among the surest, and from which confidence on enough of them are

import { checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import { checkPredictions } from './checkPredictions.ts';
import type { LabelledPrediction } from './labelledPrediction.ts';
import { argMax } from './metrics.ts';

/** A point of a risk-coverage curve: the clips of at least some confidence. */
export interface CoveragePoint {
  /** The least confidence among them. */
  readonly confidence: number;
  /** Their share of all clips. */
  readonly coverage: number;
  /** The share of them that was recognised; the risk is what is missing to 1. */
  readonly accuracy: number;
}

/**
 * The risk-coverage curve: how many of the surest clips are right, for every number of them.
 *
 * @param predictions calibrated ones, where confidences are to be those of `classify`
 * @returns a point for every confidence that occurs, the surest first; clips of one confidence are of one point
 * @throws {RangeError | TypeError} when there are no predictions, or a label or probabilities are not in their range
 * @see El-Yaniv & Wiener 2010, "On the Foundations of Noise-free Selective Classification"
 */
export function riskCoverage(predictions: readonly LabelledPrediction[]): CoveragePoint[] {
  const sorted = checkPredictions('draw a risk-coverage curve', predictions)
    .map(({ label, probabilities }) => {
      const best = argMax(probabilities);
      return { confidence: probabilities[best]!, isRight: best === label };
    })
    .sort((a, b) => b.confidence - a.confidence);
  const points: CoveragePoint[] = [];
  let right = 0;
  for (const [i, { confidence, isRight }] of sorted.entries()) {
    if (isRight) right++;
    if (confidence === sorted[i + 1]?.confidence) continue;
    points.push({ confidence, coverage: (i + 1) / sorted.length, accuracy: right / (i + 1) });
  }
  return points;
}

/** Options of {@link fitSureThreshold}. */
export interface SureThresholdOptions {
  /** The share that is to be right among the sure, in [0, 1]. @default 0.8 */
  readonly accuracy?: number | undefined;
}

/**
 * From which confidence on a result is sure: as many clips as can be are above it, of which at least `accuracy` are right.
 *
 * Fit it on clips that were neither trained on nor are reported on, with the calibration that the model will have. Of few clips it
 * depends on chance.
 *
 * @returns for `calibration.sureAbove` of a model: the highest confidence that is not sure; 0 where all clips are, 1 where none is
 * @throws {RangeError | TypeError} when there are no predictions, a label or probabilities are not in their range, or an option is wrong
 */
export function fitSureThreshold(
  predictions: readonly LabelledPrediction[],
  options: SureThresholdOptions = {},
): number {
  const { accuracy = 0.8, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkNumber(ACTION, 'accuracy', accuracy, 0, 1);
  const points = riskCoverage(predictions);
  const last = points.findLastIndex((point) => point.accuracy >= accuracy);
  if (last < 0) return 1;
  return points[last + 1]?.confidence ?? 0;
}

const ACTION = 'fit a threshold of the sure';
