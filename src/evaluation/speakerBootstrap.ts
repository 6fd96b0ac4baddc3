// predictions on several speakers' clips → the confidence interval of a figure

import {
  checkFunction,
  checkInteger,
  checkNothingElse,
  checkNumber,
  checkOptions,
  checkSeed,
  type Resolved,
} from '../core/check.ts';
import { checkPredictions } from './checkPredictions.ts';
import { countsBootstrap } from './countsBootstrap.ts';
import type { BootstrapOptions, Interval } from './interval.ts';
import type { ConfusionMatrix, LabelledPrediction } from './labelledPrediction.ts';
import { confusionMatrix, groupBy, MOST_LABELS } from './metrics.ts';

export type { BootstrapOptions, Interval } from './interval.ts';

/**
 * Percentile bootstrap over speakers: speakers are drawn with replacement, as many as there are, each with all their clips, since the
 * clips of one speaker are not independent. A clip of unknown speaker (`''`) counts as a speaker of its own. For a single speaker the
 * interval is a point: nothing shows how others would differ.
 *
 * For several models (seeds, say) on the same clips, pass all their predictions together to get the interval of the mean figure, where
 * the figure is a mean over clips, as recalls are: a speaker is drawn with the clips of every model. Averaging the ends of the models'
 * own intervals gives no valid interval.
 *
 * @param figure of a confusion matrix, e.g. {@link unweightedAverageRecall}
 * @throws {RangeError | TypeError} when there are no predictions, a label or probabilities are not in their range, an option is out
 *   of its range, or the figure of some speakers is not a number
 * @see Efron & Tibshirani 1993, "An Introduction to the Bootstrap"
 */
export function speakerBootstrap(
  predictions: readonly LabelledPrediction[],
  labelCount: number,
  figure: (confusion: ConfusionMatrix) => number,
  options: BootstrapOptions = {},
): Interval {
  const resolved = resolveBootstrap(options);
  checkFunction(BOOTSTRAP, 'figure', figure);
  checkPredictions(BOOTSTRAP, predictions, checkInteger(BOOTSTRAP, 'labelCount', labelCount, 1, MOST_LABELS));
  const counts = bySpeaker(predictions).map(([, own]) => confusionMatrix(own, labelCount).flat());
  return countsBootstrap(BOOTSTRAP, [counts], (sum) => figure(toConfusion(sum, labelCount)), resolved);
}

/** The clips of each speaker; one of unknown speaker is by itself. */
export function bySpeaker<T extends LabelledPrediction>(predictions: readonly T[]): [string, T[]][] {
  return groupBy(predictions, ({ speaker, name }) => speaker || `clip ${name}`);
}

/** Counts, row by row, as a matrix. */
export function toConfusion(counts: Float64Array, labelCount: number): ConfusionMatrix {
  return Array.from({ length: labelCount }, (_, truth) =>
    Array.from(counts.subarray(truth * labelCount, (truth + 1) * labelCount)),
  );
}

const BOOTSTRAP = 'bootstrap over speakers';

/**
 * Fills in the defaults.
 *
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
 */
export function resolveBootstrap(options: BootstrapOptions, name = 'options'): Resolved<BootstrapOptions> {
  const { resamples = 2000, level = 0.95, seed = 1, ...rest } = checkOptions(BOOTSTRAP, options, name);
  const path = name === 'options' ? '' : `${name}.`;
  checkNothingElse(BOOTSTRAP, rest, name === 'options' ? undefined : name);
  return {
    resamples: checkInteger(BOOTSTRAP, `${path}resamples`, resamples, 1, 1e6),
    level: checkNumber(BOOTSTRAP, `${path}level`, level, 0.01, 0.9999),
    seed: checkSeed(BOOTSTRAP, `${path}seed`, seed),
  };
}
