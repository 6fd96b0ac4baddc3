// results → a row for each, with the protocol beside the figures

import type { Recipe } from '../../examples/node/recipe.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import type { Evaluation } from '../../src/training/evaluation.ts';
import { percent, table } from './markdown.ts';
import { modelsOf, type ProtocolFigures } from './protocolFigures.ts';
import type { Results, TrainingResult } from './results.ts';
import { spread } from './words.ts';

/**
 * The result that belongs to the shipped model: the one whose figures the model itself carries.
 *
 * @returns undefined where the model carries none, or those of its recipe
 * @throws {Error} when there are results of training runs, but not of this model
 */
export function resultOf(
  settings: ModelSettings,
  { trainings }: Results,
  protocols: readonly ProtocolFigures[],
): TrainingResult | undefined {
  const uar = settings.training.evaluation?.metrics.uar;
  const found = trainings.find(({ evaluation }) => evaluation.uar === uar);
  if (found || trainings.length === 0 || recipeOf(settings, protocols)) return found;
  throw new Error(`Cannot tell of the model: docs/results must hold its evaluation (UAR ${uar}), got only other runs`);
}

/**
 * The protocol whose single models' figures the shipped model carries: it was trained on everybody, and nobody was left to test
 * it on.
 */
export function recipeOf(
  { training: { evaluation } }: ModelSettings,
  protocols: readonly ProtocolFigures[],
): ProtocolFigures | undefined {
  const { uar = Number.NaN, war = Number.NaN } = evaluation?.metrics ?? {};
  const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;
  return protocols.find(({ single }) => same(single.uar.mean, uar) && same(single.war.mean, war));
}

/** The figures of the shipped model and of the protocols; a sentence where there are none. */
export function accuracy(settings: ModelSettings, results: Results, protocols: readonly ProtocolFigures[]): string {
  const { evaluation } = settings.training;
  const own = resultOf(settings, results, protocols);
  const shipped = recipeOf(settings, protocols)?.file.recipe;
  const rows: string[][] = [];
  if (own) {
    rows.push(['the shipped model', own.protocol, ...figuresOf(own.evaluation)]);
    rows.push(...validated(own));
  } else if (evaluation && !shipped) {
    const { uar, war, macroF1 } = evaluation.metrics;
    rows.push(['the shipped model', evaluation.protocol, ...[uar, war, macroF1].map(percent)]);
  }
  rows.push(...protocols.flatMap((figures) => crossValidated(figures, shipped)));
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

/** What the recipe gets where each clip is tested once a seed: mean ± deviation over seeds, and all seeds together. */
function crossValidated(figures: ProtocolFigures, shipped: Recipe | undefined): string[][] {
  const { protocol, says, recipe } = figures.file;
  const isShipped = JSON.stringify(recipe) === JSON.stringify(shipped);
  const whose = isShipped ? 'the recipe of the shipped model' : shipped ? 'another recipe' : 'the recipe';
  return modelsOf(figures).map(({ name, model: { uar, war, macroF1 } }) => [
    ...[`${whose}, ${name}`, `${protocol}: ${says}`, spread(uar)],
    ...[war, macroF1].map(({ mean, deviation }) => spread({ mean, deviation })),
  ]);
}
