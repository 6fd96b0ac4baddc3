// labelled predictions → figures

import { RandomStream } from '../core/random.ts';

/** What a model said about one clip, and what the clip is. */
export interface LabelledPrediction {
  /** The clip. */
  readonly name: string;
  /** What the clip is: an index into the labels. */
  readonly label: number;
  /** Who speaks. */
  readonly speaker: string;
  /** What results are broken down by. */
  readonly groups: Readonly<Record<string, string>>;
  /** One a label, sum 1. */
  readonly probabilities: ArrayLike<number>;
}

/** Counts of clips: `confusion[truth][predicted]`. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** The label with the highest probability, the first of equals. */
export function argMax(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < probabilities.length; i++) {
    if ((probabilities[i] as number) > (probabilities[best] as number)) best = i;
  }
  return best;
}

/** Counts what was predicted for what. */
export function confusionMatrix(predictions: Iterable<LabelledPrediction>, labelCount: number): ConfusionMatrix {
  const counts = Array.from({ length: labelCount }, () => new Array<number>(labelCount).fill(0));
  for (const { label, probabilities } of predictions) {
    const row = counts[label]!;
    row[argMax(probabilities)]! += 1;
  }
  return counts;
}

/** Several confusion matrices as one, e.g. those of the folds. */
export function sumConfusions(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  const size = matrices[0]?.length ?? 0;
  return Array.from({ length: size }, (_, truth) =>
    Array.from({ length: size }, (_, predicted) =>
      matrices.reduce((sum, matrix) => sum + matrix[truth]![predicted]!, 0),
    ),
  );
}

/** The part of each label's clips that was recognised; null for a label without clips, whose recall is not defined. */
export function recalls(confusion: ConfusionMatrix): (number | null)[] {
  return confusion.map((row, label) => {
    const clips = sum(row);
    return clips > 0 ? row[label]! / clips : null;
  });
}

/**
 * Unweighted average recall: the mean of the recalls of the labels that have clips. Also known as balanced accuracy.
 *
 * @returns in [0, 1]; NaN where there are no clips
 */
export function unweightedAverageRecall(confusion: ConfusionMatrix): number {
  return mean(recalls(confusion).filter((recall) => recall !== null));
}

/**
 * Weighted average recall: the part of all clips that was recognised. Also known as accuracy.
 *
 * @returns in [0, 1]; NaN where there are no clips
 */
export function weightedAverageRecall(confusion: ConfusionMatrix): number {
  return sum(confusion.map((row, label) => row[label]!)) / sum(confusion.map(sum));
}

/**
 * Macro-averaged F1: the mean of 2·TP / (2·TP + FP + FN) over the labels that have clips or were predicted.
 *
 * @returns in [0, 1]; NaN where there are no clips
 */
export function macroF1(confusion: ConfusionMatrix): number {
  const scores = confusion.map((row, label) => {
    const predicted = sum(confusion.map((other) => other[label]!));
    const occurrences = predicted + sum(row); // 2·TP + FP + FN
    return occurrences > 0 ? (2 * row[label]!) / occurrences : null;
  });
  return mean(scores.filter((score) => score !== null));
}

/** Probabilities below this count as this: one sure miss costs 16 nats and not infinitely many. */
const LEAST_PROBABILITY = 1e-7;

/** Mean −ln p(truth), in nats; p is taken as at least 1e-7. */
export function negativeLogLikelihood(predictions: readonly LabelledPrediction[]): number {
  return mean(
    predictions.map(
      ({ label, probabilities }) => -Math.log(Math.max(LEAST_PROBABILITY, probabilities[label] as number)),
    ),
  );
}

/**
 * Brier score: the mean over clips of Σ_k (p_k − [k is the truth])², in [0, 2].
 *
 * @see Brier 1950, "Verification of forecasts expressed in terms of probability": the original, multi-category form
 */
export function brierScore(predictions: readonly LabelledPrediction[]): number {
  return mean(
    predictions.map(({ label, probabilities }) =>
      sum(Array.from(probabilities, (probability, k) => (probability - (k === label ? 1 : 0)) ** 2)),
    ),
  );
}

/**
 * Expected calibration error: clips go into bins of equal width by the probability p of the label predicted, bin b of B
 * holding b/B < p ≤ (b+1)/B; the mean over clips of their bin's |accuracy − mean p|.
 *
 * @param bins @default 15
 * @see Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599
 */
export function expectedCalibrationError(predictions: readonly LabelledPrediction[], bins = 15): number {
  const gaps = new Array<number>(bins).fill(0); // Σ over a bin's clips of (hit − p)
  for (const { label, probabilities } of predictions) {
    const predicted = argMax(probabilities);
    const confidence = probabilities[predicted] as number;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    gaps[bin]! += (predicted === label ? 1 : 0) - confidence;
  }
  return sum(gaps.map(Math.abs)) / predictions.length;
}

/** A range that a figure lies in. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** How sure, e.g. 0.95. */
  readonly level: number;
}

/** Options of {@link speakerBootstrap}. */
export interface BootstrapOptions {
  /** @default 2000 */
  readonly resamples?: number | undefined;
  /** @default 0.95 */
  readonly level?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

/**
 * Percentile bootstrap over speakers: as many speakers as there are are drawn with replacement, each with all their clips, since
 * the clips of one speaker are not independent. A clip of unknown speaker (`''`) counts as a speaker of its own.
 *
 * @param figure of a confusion matrix, e.g. {@link unweightedAverageRecall}
 * @see Efron & Tibshirani 1993, "An Introduction to the Bootstrap"
 */
export function speakerBootstrap(
  predictions: readonly LabelledPrediction[],
  labelCount: number,
  figure: (confusion: ConfusionMatrix) => number,
  { resamples = 2000, level = 0.95, seed = 1 }: BootstrapOptions = {},
): Interval {
  const confusions = groupBy(predictions, ({ speaker, name }) => speaker || `clip ${name}`).map(([, own]) =>
    confusionMatrix(own, labelCount),
  );
  const stream = new RandomStream(seed, 'bootstrap');
  const figures = Array.from({ length: resamples }, () =>
    figure(sumConfusions(confusions.map(() => confusions[stream.integer(confusions.length)]!))),
  ).sort((a, b) => a - b);
  return { low: quantile(figures, (1 - level) / 2), high: quantile(figures, (1 + level) / 2), level };
}

/** Items by what they have in common, in the order in which each key is first met. */
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

/** Of sorted values, interpolated linearly. */
function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}

/** Σ values. */
function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Σ values / how many; NaN of none. */
function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
