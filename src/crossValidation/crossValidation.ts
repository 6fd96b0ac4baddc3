// predictions of all folds, for each seed → how well the training configuration does

import { fitTemperature } from '../evaluation/calibrate.ts';
import { type Evaluation, summarise } from '../evaluation/evaluation.ts';
import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import type { BootstrapOptions } from '../evaluation/speakerBootstrap.ts';
import type { SpeakerRule } from '../exampleSet/namedFold.ts';

/** The result of `crossValidate`: plain JSON. */
export interface CrossValidation {
  /** Whether the models were tested on speakers that they were trained on. */
  readonly speakers: SpeakerRule;
  /** The checks against leaks, in words. */
  readonly checks: readonly string[];
  /** One for each seed. */
  readonly runs: readonly CrossValidationRun[];
  /** Unweighted average recall of all folds' clips together, over seeds. */
  readonly uar: MeanAndStd;
  /** Weighted average recall of all folds' clips together, over seeds. */
  readonly war: MeanAndStd;
  /** Macro-averaged F1 of all folds' clips together, over seeds. */
  readonly macroF1: MeanAndStd;
}

/** All folds, with one seed. */
export interface CrossValidationRun {
  /** The seed. */
  readonly seed: number;
  /** Each fold's own evaluation. */
  readonly folds: readonly FoldResult[];
  /** All folds' clips together: the confusion matrices summed, and figures of the sum. */
  readonly pooled: Evaluation;
  /** Fitted on all folds' test clips: the temperature for a model that the same training configuration trains on all clips. */
  readonly temperature: number;
}

/** One fold, with one seed. */
export interface FoldResult {
  /** The fold. */
  readonly name: string;
  /** The evaluation on its test clips of the model that was trained on its training clips. */
  readonly evaluation: Evaluation;
}

/** A figure over several seeds. */
export interface MeanAndStd {
  /** Mean over the seeds. */
  readonly mean: number;
  /** Sample standard deviation; null for a single seed. */
  readonly std: number | null;
}

/** The predictions with one seed. */
export interface SeedPredictions {
  /** The seed. */
  readonly seed: number;
  /** Of each fold. */
  readonly folds: readonly FoldPredictions[];
}

/** The predictions of a fold's model for its test clips. */
interface FoldPredictions {
  /** The fold. */
  readonly name: string;
  /** Uncalibrated. */
  readonly predictions: readonly LabelledPrediction[];
}

/** Calibrates each fold by the others and combines all. */
export function combineFolds(
  labels: readonly string[],
  speakers: SpeakerRule,
  seeds: readonly SeedPredictions[],
  checks: readonly string[],
  bootstrap: BootstrapOptions | undefined,
): CrossValidation {
  const runs = seeds.map((one) => runOf(one, labels, bootstrap));
  return {
    speakers,
    checks,
    runs,
    uar: meanAndStd(runs.map(({ pooled }) => pooled.uar)),
    war: meanAndStd(runs.map(({ pooled }) => pooled.war)),
    macroF1: meanAndStd(runs.map(({ pooled }) => pooled.macroF1)),
  };
}

function runOf(
  { seed, folds }: SeedPredictions,
  labels: readonly string[],
  bootstrap: BootstrapOptions | undefined,
): CrossValidationRun {
  const calibrated = folds.map(({ name, predictions }) => {
    const others = folds.flatMap((other) => (other.name === name ? [] : other.predictions));
    return { name, predictions, temperature: others.length > 0 ? fitTemperature(others) : 1 };
  });
  return {
    seed,
    folds: calibrated.map((fold) => ({ name: fold.name, evaluation: summarise(labels, [fold], bootstrap) })),
    pooled: summarise(labels, calibrated, bootstrap),
    temperature: fitTemperature(folds.flatMap(({ predictions }) => predictions)),
  };
}

/** Mean and sample standard deviation of a figure over seeds. */
export function meanAndStd(values: readonly number[]): MeanAndStd {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, std: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}
