// labelled predictions → figures

import { checkInteger } from '../core/check.ts';
import { checkConfusion, checkPrediction, checkPredictions } from './checkPredictions.ts';
import type { ConfusionMatrix, LabelledPrediction } from './labelledPrediction.ts';

const ACTION = 'evaluate';

/** The most labels: far more than needed, while a confusion matrix still fits into memory. */
export const MOST_LABELS = 10_000;

/**
 * The label with the highest probability, the first of equals.
 *
 * @throws {RangeError} when there is none, or one is not a number
 */
export function argMax(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < probabilities.length; i++) {
    if ((probabilities[i] as number) > (probabilities[best] as number)) best = i;
  }
  return best;
}

/**
 * Counts the clips by truth and prediction.
 *
 * @param labelCount how many labels there are
 * @throws {RangeError | TypeError} when a label is not one of them, or probabilities are not one a label, from 0 to 1
 */
export function confusionMatrix(predictions: Iterable<LabelledPrediction>, labelCount: number): ConfusionMatrix {
  checkInteger(ACTION, 'labelCount', labelCount, 1, MOST_LABELS);
  const counts = Array.from({ length: labelCount }, () => new Array<number>(labelCount).fill(0));
  for (const prediction of predictions) {
    checkPrediction(ACTION, prediction, labelCount);
    counts[prediction.label]![argMax(prediction.probabilities)]! += 1;
  }
  return counts;
}

/**
 * Several confusion matrices as one, e.g. those of the folds.
 *
 * @throws {RangeError | TypeError} when there are none, or they are not of the same size
 */
export function sumConfusions(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  if (matrices.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be confusion matrices, got none`);
  const size = checkConfusion(ACTION, matrices[0]!).length;
  const odd = matrices.find((matrix) => checkConfusion(ACTION, matrix).length !== size);
  if (odd) throw new RangeError(`Cannot ${ACTION}: matrices must be of one size, got ${size} and ${odd.length}`);
  return addConfusions(matrices);
}

/** {@link sumConfusions} of matrices that are known to be valid. */
function addConfusions(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  const size = matrices[0]!.length;
  return Array.from({ length: size }, (_, truth) =>
    Array.from({ length: size }, (_, predicted) =>
      matrices.reduce((sum, matrix) => sum + matrix[truth]![predicted]!, 0),
    ),
  );
}

/**
 * The share of each label's clips that was recognised; null for a label without clips, whose recall is not defined.
 *
 * @throws {TypeError} when the matrix is not a square of counts
 */
export function recalls(confusion: ConfusionMatrix): (number | null)[] {
  return checkConfusion(ACTION, confusion).map((row, label) => {
    const clips = sum(row);
    return clips > 0 ? row[label]! / clips : null;
  });
}

/**
 * Unweighted average recall: the mean of the recalls of the labels that have clips. Also known as balanced accuracy.
 *
 * @returns in [0, 1]; NaN where there are no clips
 * @throws {TypeError} when the matrix is not a square of counts
 */
export function unweightedAverageRecall(confusion: ConfusionMatrix): number {
  return mean(recalls(confusion).filter((recall) => recall !== null));
}

/**
 * Weighted average recall: the share of all clips that was recognised. Also known as accuracy.
 *
 * @returns in [0, 1]; NaN where there are no clips
 * @throws {TypeError} when the matrix is not a square of counts
 */
export function weightedAverageRecall(confusion: ConfusionMatrix): number {
  checkConfusion(ACTION, confusion);
  return sum(confusion.map((row, label) => row[label]!)) / sum(confusion.map(sum));
}

/**
 * Macro-averaged F1: the mean of 2·TP / (2·TP + FP + FN) over the labels that have clips or were predicted.
 *
 * @returns in [0, 1]; NaN where there are no clips
 * @throws {TypeError} when the matrix is not a square of counts
 */
export function macroF1(confusion: ConfusionMatrix): number {
  const scores = checkConfusion(ACTION, confusion).map((row, label) => {
    const predicted = sum(confusion.map((other) => other[label]!));
    const occurrences = predicted + sum(row); // 2·TP + FP + FN
    return occurrences > 0 ? (2 * row[label]!) / occurrences : null;
  });
  return mean(scores.filter((score) => score !== null));
}

/** Smaller probabilities count as this: one confident miss costs 16 nats and not infinitely many. */
const LEAST_PROBABILITY = 1e-7;

/**
 * Mean −ln p(truth), in nats; p is taken as at least 1e-7.
 *
 * @throws {RangeError | TypeError} when there are no predictions, or a label or probabilities are not in their range
 */
export function negativeLogLikelihood(predictions: readonly LabelledPrediction[]): number {
  return mean(
    checkPredictions(ACTION, predictions).map(
      ({ label, probabilities }) => -Math.log(Math.max(LEAST_PROBABILITY, probabilities[label] as number)),
    ),
  );
}

/**
 * Brier score: the mean over clips of Σ_k (p_k − [k is the truth])², in [0, 2].
 *
 * @throws {RangeError | TypeError} when there are no predictions, or a label or probabilities are not in their range
 * @see Brier 1950, "Verification of forecasts expressed in terms of probability": the original, multi-category form
 */
export function brierScore(predictions: readonly LabelledPrediction[]): number {
  return mean(
    checkPredictions(ACTION, predictions).map(({ label, probabilities }) =>
      sum(Array.from(probabilities, (probability, k) => (probability - (k === label ? 1 : 0)) ** 2)),
    ),
  );
}

/**
 * Expected calibration error: clips go into bins of equal width by the probability p of the label predicted, bin b of B
 * holding b/B < p ≤ (b+1)/B; the mean over clips of their bin's |accuracy − mean p|.
 *
 * @param bins @default 15
 * @throws {RangeError | TypeError} when there are no predictions or bins, or a label or probabilities are not in their range
 * @see Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599
 */
export function expectedCalibrationError(predictions: readonly LabelledPrediction[], bins = 15): number {
  checkInteger(ACTION, 'bins', bins, 1, 1e6);
  checkPredictions(ACTION, predictions);
  const gaps = new Array<number>(bins).fill(0); // Σ over a bin's clips of (hit − p)
  for (const { label, probabilities } of predictions) {
    const predicted = argMax(probabilities);
    const confidence = probabilities[predicted] as number;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    gaps[bin]! += (predicted === label ? 1 : 0) - confidence;
  }
  return sum(gaps.map(Math.abs)) / predictions.length;
}

/** Items by key, in the order in which each key first occurs. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}

/** Σ values. */
function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Σ values / how many; NaN of none. */
function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
