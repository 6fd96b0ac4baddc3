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
import { RandomStream } from '../core/random.ts';
import { checkPredictions } from './checkPredictions.ts';
import type { ConfusionMatrix, LabelledPrediction } from './labelledPrediction.ts';
import { addConfusions, confusionMatrix, groupBy, MOST_LABELS } from './metrics.ts';

/** A confidence interval. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Confidence level, e.g. 0.95. */
  readonly level: number;
}

/** Options of {@link speakerBootstrap}. */
export interface BootstrapOptions {
  /** How often speakers are drawn, from 1 to 1,000,000. @default 2000 */
  readonly resamples?: number | undefined;
  /** Confidence level, in [0.01, 0.9999]. @default 0.95 */
  readonly level?: number | undefined;
  /** Seed of the draws. @default 1 */
  readonly seed?: number | undefined;
}

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
  const { resamples, level, seed } = resolveBootstrap(options);
  checkFunction(BOOTSTRAP, 'figure', figure);
  checkPredictions(BOOTSTRAP, predictions, checkInteger(BOOTSTRAP, 'labelCount', labelCount, 1, MOST_LABELS));
  const confusions = groupBy(predictions, ({ speaker, name }) => speaker || `clip ${name}`).map(([, own]) =>
    confusionMatrix(own, labelCount),
  );
  const stream = new RandomStream(seed, 'bootstrap');
  const figures = Array.from({ length: resamples }, () =>
    figure(addConfusions(confusions.map(() => confusions[stream.integer(confusions.length)]!))),
  );
  const odd = figures.find((one) => !Number.isFinite(one));
  if (odd !== undefined) throw new RangeError(`Cannot ${BOOTSTRAP}: figure must give numbers, got ${odd}`);
  figures.sort((a, b) => a - b);
  return { low: quantile(figures, (1 - level) / 2), high: quantile(figures, (1 + level) / 2), level };
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

/** Of sorted values, interpolated linearly. */
function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}
