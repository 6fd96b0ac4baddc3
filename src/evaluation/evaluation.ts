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

/** How far probabilities can be believed: three measures, lower is better. */
export interface ProbabilityScores {
  /** Mean negative log likelihood, in nats. */
  readonly nll: number;
  /** Brier score, in [0, 2]. */
  readonly brier: number;
  /** Expected calibration error over 15 bins, in [0, 1]. */
  readonly ece: number;
}

/** The result on a part of the clips. */
export interface GroupScores {
  /** How many clips. */
  readonly clips: number;
  /** Unweighted average recall, over the labels that occur in the part. */
  readonly uar: number;
  /** Weighted average recall (accuracy). */
  readonly war: number;
}

/** How well a model does on labelled clips: plain JSON. */
export interface Evaluation {
  /** The labels, in the order of `confusion`, `recalls` and of the clips' probabilities. */
  readonly labels: readonly string[];
  /** Unweighted average recall: the figure to compare by. */
  readonly uar: number;
  /** Where {@link Evaluation.uar} would lie with other speakers: bootstrap over speakers. */
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
  /** The probabilities at the model's temperature: what users see. */
  readonly calibrated: ProbabilityScores;
  /** Results by group and value, e.g. `groups.sex.female.uar`, in no order: JavaScript puts the key '14' before '02'. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, GroupScores>>>>;
  /** Every clip: what was said about it, calibrated, and what it is. */
  readonly clips: readonly EvaluatedClip[];
}

/** What a model said about one clip of an evaluation, and what the clip is. */
export interface EvaluatedClip extends LabelledPrediction {
  /** One a label, sum 1, calibrated. */
  readonly probabilities: readonly number[];
}

/** What one model said, and how it is calibrated. */
export interface ModelPredictions {
  /** Made with temperature 1. */
  readonly predictions: readonly LabelledPrediction[];
  /** What the model's probabilities are calibrated to. */
  readonly temperature: number;
}

/**
 * Works out every figure of what one model said, or of what several said about a part of the clips each.
 *
 * @param labels what the predictions' labels and probabilities are of
 * @throws {RangeError | TypeError} when there are no predictions, a label or probabilities are not in their range, a temperature is
 *   none, or an option is wrong
 */
export function summarise(
  labels: readonly string[],
  parts: readonly ModelPredictions[],
  bootstrap: BootstrapOptions = {},
): Evaluation {
  checkParts(labels, parts);
  const raw = parts.flatMap(({ predictions }) => predictions);
  const calibrated = parts.flatMap(({ predictions, temperature }) => withTemperature(predictions, temperature));
  // Of the raw ones: a temperature does not change which label comes first, but rounding might.
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

function probabilityScores(predictions: readonly LabelledPrediction[]): ProbabilityScores {
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
