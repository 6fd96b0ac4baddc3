// predictions on held-out clips → what calibrates them: a temperature, and from which confidence on they are sure

import { checkNothingElse, checkOptions } from '../core/check.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { applyTemperature } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { checkFits } from './checkFits.ts';
import { checkPredictions } from './checkPredictions.ts';
import type { LabelledPrediction } from './labelledPrediction.ts';
import { predictExamples } from './labelledPredictions.ts';
import { argMax } from './metrics.ts';
import { fitSureThreshold } from './sureThreshold.ts';

/** The range of temperatures; where the best lies outside, the nearer end is taken. */
const LOWEST = 0.05;
const HIGHEST = 20;

/**
 * How many wrong predictions a fit needs: only they show overconfidence. Without any the likelihood grows towards temperature 0
 * without end, with one or two it depends on chance; ten events per coefficient is the rule for logistic regression, which this is.
 *
 * @see Peduzzi et al. 1996, "A simulation study of the number of events per variable in logistic regression analysis"
 */
const LEAST_MISSES = 10;

/** Smaller probabilities, 0 included, are taken as this, so that logarithms are finite. */
const LEAST_PROBABILITY = 1e-30;

/**
 * The temperature under which the predictions' negative log likelihood is lowest.
 *
 * Fit it on clips that were neither trained on nor are reported on: a validation set, inner folds. With fewer than ten wrong
 * predictions, as of few clips or a very good model, it stays 1.
 *
 * @param predictions made with temperature 1
 * @returns in [0.05, 20], the nearer end where the best lies outside; above 1 where the model was overconfident
 * @throws {RangeError | TypeError} when there are no predictions, or a label or probabilities are not in their range
 * @see Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599
 */
export function fitTemperature(predictions: readonly LabelledPrediction[]): number {
  checkPredictions('fit a temperature', predictions);
  const misses = predictions.filter(({ label, probabilities }) => argMax(probabilities) !== label);
  if (misses.length < LEAST_MISSES) return 1;
  const logits = predictions.map(logitsOf);
  const cost = (logTemperature: number) => {
    const inverse = Math.exp(-logTemperature);
    return predictions.reduce((total, { label }, i) => total + surprise(logits[i]!, label, inverse), 0);
  };
  return Math.exp(goldenSection(cost, Math.log(LOWEST), Math.log(HIGHEST), 1e-4));
}

/** Logits that the probabilities are the softmax of; the highest is 0. */
function logitsOf({ probabilities }: LabelledPrediction): Float64Array {
  const logs = Float64Array.from(probabilities, (probability) => Math.log(Math.max(LEAST_PROBABILITY, probability)));
  const most = logs.reduce((a, b) => Math.max(a, b));
  return logs.map((log) => log - most);
}

/** −ln of the label's probability in the softmax of logits · inverse temperature. */
function surprise(logits: Float64Array, label: number, inverse: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit * inverse);
  return Math.log(sum) - logits[label]! * inverse;
}

/** Predictions made with temperature 1 → with another one. */
export function withTemperature(predictions: readonly LabelledPrediction[], temperature: number): LabelledPrediction[] {
  return predictions.map((prediction) => ({
    ...prediction,
    probabilities: applyTemperature(prediction.probabilities, temperature),
  }));
}

/**
 * The model, calibrated on held-out clips: its temperature, and from which confidence on its results are sure.
 *
 * @param heldOut clips that the model was not trained on and that no result is reported on; with fewer than ten wrong predictions
 *   the temperature is 1, see {@link fitTemperature}
 * @throws {RangeError | TypeError} when there are no clips, or their labels or features are not the model's
 * @throws the signal's reason when it aborts
 */
export async function calibrate(
  model: TrainedModel,
  heldOut: ExampleSet,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<TrainedModel> {
  const { signal, ...rest } = checkOptions('calibrate', options);
  checkNothingElse('calibrate', rest);
  const examples = checkFits('calibrate', model, heldOut);
  const predictions = await predictExamples(uncalibrated(model), examples, { signal });
  const temperature = fitTemperature(predictions);
  const sureAbove = fitSureThreshold(withTemperature(predictions, temperature));
  return { ...model, settings: { ...model.settings, calibration: { temperature, sureAbove } } };
}

/** The model with temperature 1. */
export function uncalibrated(model: TrainedModel): TrainedModel {
  return { ...model, settings: { ...model.settings, calibration: { temperature: 1 } } };
}

/** The argument of the minimum of a unimodal function (golden-section search); the negative log likelihood is convex in 1 / temperature. */
function goldenSection(cost: (x: number) => number, low: number, high: number, tolerance: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [left, right] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [costLeft, costRight] = [cost(left), cost(right)];
  while (b - a > tolerance) {
    if (costLeft <= costRight) {
      [b, right, costRight] = [right, left, costLeft];
      left = b - ratio * (b - a);
      costLeft = cost(left);
    } else {
      [a, left, costLeft] = [left, right, costRight];
      right = a + ratio * (b - a);
      costRight = cost(right);
    }
  }
  return (a + b) / 2;
}
