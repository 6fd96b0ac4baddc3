// results → a row for each, with the protocol beside the figures

import type { ModelSettings } from '../../src/model/trainedModel.ts';
import type { Evaluation } from '../../src/training/evaluation.ts';
import { percent, table } from './markdown.ts';
import type { CrossValidationResult, Results, TrainingResult } from './results.ts';

/**
 * The result that belongs to the shipped model: the one whose figures the model itself carries.
 *
 * @returns undefined where the model carries none
 * @throws {Error} when there are results of training runs, but not of this model
 */
export function resultOf({ training }: ModelSettings, { trainings }: Results): TrainingResult | undefined {
  const uar = training.evaluation?.metrics.uar;
  const found = trainings.find(({ evaluation }) => evaluation.uar === uar);
  if (found || trainings.length === 0) return found;
  throw new Error(`Cannot tell of the model: docs/results must hold its evaluation (UAR ${uar}), got only other runs`);
}

/** The figures of the shipped model and of cross-validations; a sentence where there are none. */
export function accuracy(settings: ModelSettings, results: Results): string {
  const { evaluation } = settings.training;
  const own = resultOf(settings, results);
  const rows: string[][] = [];
  if (own) {
    rows.push(['the shipped model', own.protocol, ...figuresOf(own.evaluation)]);
    rows.push(...validated(own));
  } else if (evaluation) {
    const { uar, war, macroF1 } = evaluation.metrics;
    rows.push(['the shipped model', evaluation.protocol, ...[uar, war, macroF1].map(percent)]);
  }
  for (const one of results.crossValidations) rows.push(['its recipe, cross-validated', ...crossValidated(one)]);
  if (rows.length === 0)
    return 'The model of this revision carries no evaluation: it is a placeholder and says nothing.';
  return table([['what', 'protocol', 'UAR (95 % interval)', 'WAR', 'macro-F1'], ...rows]);
}

/** The figure by which the best epoch was chosen, so one of other speakers, and still a little too kind. */
function validated({ actors, history, bestEpoch }: TrainingResult): string[][] {
  const uar = history[bestEpoch - 1]?.validation?.uar;
  if (uar === undefined) return [];
  const protocol = `the same on actors ${actors.validation.join(', ')}, by whom its epoch was chosen`;
  return [['the shipped model', protocol, percent(uar), '–', '–']];
}

function figuresOf({ uar, uarInterval, war, macroF1 }: Evaluation): string[] {
  const { low, high } = uarInterval;
  return [`${percent(uar)} (${percent(low)} to ${percent(high)})`, percent(war), percent(macroF1)];
}

/** Protocol and figures: with several seeds their mean and deviation, with one seed the interval over speakers. */
function crossValidated({ protocolName, result }: CrossValidationResult): string[] {
  const { runs, uar, war, macroF1 } = result;
  if (runs.length === 1) return [`${protocolName}; seed ${runs[0]!.seed}`, ...figuresOf(runs[0]!.pooled)];
  const spread = ({ mean, deviation }: typeof uar) => `${percent(mean)} ± ${percent(deviation)}`;
  return [`${protocolName}; ${runs.length} seeds, mean ± deviation`, ...[uar, war, macroF1].map(spread)];
}
