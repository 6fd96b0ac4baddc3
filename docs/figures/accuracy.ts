// results → a table of scores, each with its protocol

import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { percent, table } from './markdown.ts';
import { modelsOf } from './protocolFigures.ts';
import { isOf, type Tested, testOf } from './tested.ts';
import { spread } from './words.ts';

/** Scores of the shipped model and of the cross-validations; a sentence if there are none. */
export function accuracy(settings: ModelSettings, tested: readonly Tested[]): string {
  const { evaluation } = settings.training;
  const shipped = testOf(settings, tested)?.figures.file.config;
  const rows: string[][] = [];
  if (evaluation && !shipped) {
    const { uar, war, macroF1 } = evaluation.metrics;
    rows.push(['the shipped model', evaluation.protocol, ...[uar, war, macroF1].map(percent)]);
  }
  const own = shipped ? tested.filter((one) => isOf(one, shipped)) : [];
  const others = tested.filter((one) => !own.includes(one));
  rows.push(...own.flatMap((one) => crossValidated(one, 'the configuration of the shipped model')));
  rows.push(...others.flatMap((one) => crossValidated(one, one.whose)));
  if (rows.length === 0) return 'The model of this revision is a placeholder without an evaluation.';
  return table([['what', 'protocol', 'UAR (95 % interval)', 'WAR', 'macro-F1'], ...rows]);
}

/** Scores of a cross-validation: mean ± standard deviation over seeds, and those of the ensemble. */
function crossValidated({ figures }: Tested, whose: string): string[][] {
  const { protocol, description } = figures.file;
  return modelsOf(figures).map(({ name, model: { uar, war, macroF1 } }) => [
    ...[`${whose}, ${name}`, `${protocol}: ${description}`, spread(uar)],
    ...[war, macroF1].map(({ mean, std }) => spread({ mean, std })),
  ]);
}
