// results → a row for each, with the protocol beside the figures

import type { Recipe } from '../../experiments/training/trainingConfig.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { percent, table } from './markdown.ts';
import { modelsOf, type ProtocolFigures } from './protocolFigures.ts';
import { spread } from './words.ts';

/**
 * The protocol whose single models' figures the shipped model carries: it was trained on everybody, and nobody was left to test
 * it on.
 */
export function recipeOf(
  { training: { evaluation } }: ModelSettings,
  protocols: readonly ProtocolFigures[],
  small?: ProtocolFigures,
): ProtocolFigures | undefined {
  const { uar = Number.NaN, war = Number.NaN } = evaluation?.metrics ?? {};
  const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;
  return [...protocols, ...(small ? [small] : [])].find(
    ({ single }) => same(single.uar.mean, uar) && same(single.war.mean, war),
  );
}

/**
 * The figures of the shipped model and of the protocols; a sentence where there are none.
 *
 * @param small those of the small model's recipe
 */
export function accuracy(
  settings: ModelSettings,
  protocols: readonly ProtocolFigures[],
  small?: ProtocolFigures,
): string {
  const { evaluation } = settings.training;
  const shipped = recipeOf(settings, protocols, small)?.file.recipe;
  const rows: string[][] = [];
  if (evaluation && !shipped) {
    const { uar, war, macroF1 } = evaluation.metrics;
    rows.push(['the shipped model', evaluation.protocol, ...[uar, war, macroF1].map(percent)]);
  }
  const unknown = shipped ? 'another recipe' : 'the recipe';
  for (const figures of protocols) {
    const other = figures.speakers === 'dependent' ? 'the recipe for known speakers' : unknown;
    rows.push(...crossValidated(figures, shipped, other));
  }
  if (small) rows.push(...crossValidated(small, shipped, 'the recipe of the small model'));
  if (rows.length === 0)
    return 'The model of this revision carries no evaluation: it is a placeholder and says nothing.';
  return table([['what', 'protocol', 'UAR (95 % interval)', 'WAR', 'macro-F1'], ...rows]);
}

/** What the recipe gets where each clip is tested once a seed: mean ± deviation over seeds, and all seeds together. */
function crossValidated(figures: ProtocolFigures, shipped: Recipe | undefined, other: string): string[][] {
  const { protocol, says, recipe } = figures.file;
  const whose = JSON.stringify(recipe) === JSON.stringify(shipped) ? 'the recipe of the shipped model' : other;
  return modelsOf(figures).map(({ name, model: { uar, war, macroF1 } }) => [
    ...[`${whose}, ${name}`, `${protocol}: ${says}`, spread(uar)],
    ...[war, macroF1].map(({ mean, std: deviation }) => spread({ mean, std: deviation })),
  ]);
}
