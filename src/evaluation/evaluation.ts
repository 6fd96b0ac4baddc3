// labelled predictions → Evaluation

import { checkArray, checkNumber } from '../core/check.ts';
import { withTemperature } from './calibrate.ts';
import { checkPrediction } from './checkPredictions.ts';
import type { ConfusionMatrix, LabelledPrediction } from './labelledPrediction.ts';
import {
  brierScore,
  confusionMatrix,
  expectedCalibrationError,
  groupBy,
  macroF1,
  negativeLogLikelihood,
  recalls,
  unweightedAverageRecall,
  weightedAverageRecall,
} from './metrics.ts';
import { type BootstrapOptions, type Interval, speakerBootstrap } from './speakerBootstrap.ts';

/** How good probabilities are: three measures, lower is better. */
export interface ProbabilityScores {
  /** Mean negative log likelihood, in nats. */
  readonly nll: number;
  /** Brier score, in [0, 2]. */
  readonly brier: number;
  /** Expected calibration error over 15 bins, in [0, 1]. */
  readonly ece: number;
}

/** The result on a group of clips. */
export interface GroupScores {
  /** How many clips. */
  readonly clips: number;
  /** Unweighted average recall, over the labels that occur in the group. */
  readonly uar: number;
  /** Weighted average recall (accuracy). */
  readonly war: number;
}

/** The evaluation of a model on labelled clips: plain JSON. */
export interface Evaluation {
  /** The labels, in the order of `confusion`, `recalls` and of the clips' probabilities. */
  readonly labels: readonly string[];
  /** Unweighted average recall: the figure to compare models by. */
  readonly uar: number;
  /** Confidence interval of {@link Evaluation.uar}: bootstrap over speakers. */
  readonly uarInterval: Interval;
  /** Weighted average recall (accuracy). */
  readonly war: number;
  /** Macro-averaged F1. */
  readonly macroF1: number;
  /** `confusion[truth][predicted]`, clips. */
  readonly confusion: ConfusionMatrix;
  /** The recall of each label, null where it has no clips. */
  readonly recalls: readonly (number | null)[];
  /** The probabilities as the network gives them. */
  readonly uncalibrated: ProbabilityScores;
  /** The probabilities at the model's temperature, as `classify` gives them. */
  readonly calibrated: ProbabilityScores;
  /** Results by group and value, e.g. `groups.sex.female.uar`, in no order: JavaScript puts the key '14' before '02'. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, GroupScores>>>>;
  /** Every clip, with its calibrated prediction. */
  readonly clips: readonly EvaluatedClip[];
}

/** One clip of an evaluation, with the model's prediction. */
export interface EvaluatedClip extends LabelledPrediction {
  /** One a label, sum 1, calibrated. */
  readonly probabilities: readonly number[];
}

/** The predictions of one model, and its calibration. */
export interface ModelPredictions {
  /** Made with temperature 1. */
  readonly predictions: readonly LabelledPrediction[];
  /** The model's calibration temperature. */
  readonly temperature: number;
}

/**
 * Computes every figure of one model's predictions, or of those of several models, each for some of the clips.
 *
 * @param labels that the predictions' labels are indices into
 * @throws {RangeError | TypeError} when there are no predictions, a label or probabilities are not in their range, a temperature is
 *   out of its range, or an option is wrong
 */
export function summarise(
  labels: readonly string[],
  parts: readonly ModelPredictions[],
  bootstrap: BootstrapOptions = {},
): Evaluation {
  checkParts(labels, parts);
  const raw = parts.flatMap(({ predictions }) => predictions);
  const calibrated = parts.flatMap(({ predictions, temperature }) => withTemperature(predictions, temperature));
  // From the uncalibrated ones: a temperature does not change which label comes first, but rounding might.
  const confusion = confusionMatrix(raw, labels.length);
  return {
    labels,
    uar: unweightedAverageRecall(confusion),
    uarInterval: speakerBootstrap(raw, labels.length, unweightedAverageRecall, bootstrap),
    war: weightedAverageRecall(confusion),
    macroF1: macroF1(confusion),
    confusion,
    recalls: recalls(confusion),
    uncalibrated: probabilityScores(raw),
    calibrated: probabilityScores(calibrated),
    groups: byGroup(raw, labels.length),
    clips: calibrated.map((clip) => ({ ...clip, probabilities: Array.from(clip.probabilities) })),
  };
}

const ACTION = 'evaluate';

function checkParts(labels: readonly string[], parts: readonly ModelPredictions[]): void {
  checkArray(ACTION, 'labels', labels);
  for (const { predictions, temperature } of checkArray(ACTION, 'parts', parts)) {
    checkNumber(ACTION, 'temperature', temperature, 1e-6, 1e6);
    for (const prediction of checkArray(ACTION, 'predictions', predictions)) {
      checkPrediction(ACTION, prediction, labels.length);
    }
  }
  if (!parts.some(({ predictions }) => predictions.length > 0)) {
    throw new RangeError(`Cannot ${ACTION}: there must be examples, got none`);
  }
}

/** The three measures of calibrated or uncalibrated predictions. */
export function probabilityScores(predictions: readonly LabelledPrediction[]): ProbabilityScores {
  return {
    nll: negativeLogLikelihood(predictions),
    brier: brierScore(predictions),
    ece: expectedCalibrationError(predictions),
  };
}

function byGroup(predictions: readonly LabelledPrediction[], labelCount: number): Evaluation['groups'] {
  const names = new Set(predictions.flatMap(({ groups }) => Object.keys(groups)));
  return Object.fromEntries(
    [...names].map((name) => {
      const having = predictions.filter(({ groups }) => groups[name] !== undefined);
      const values = groupBy(having, ({ groups }) => groups[name]!);
      return [name, Object.fromEntries(values.map(([value, own]) => [value, groupScores(own, labelCount)]))];
    }),
  );
}

function groupScores(predictions: readonly LabelledPrediction[], labelCount: number): GroupScores {
  const confusion = confusionMatrix(predictions, labelCount);
  return {
    clips: predictions.length,
    uar: unweightedAverageRecall(confusion),
    war: weightedAverageRecall(confusion),
  };
}
