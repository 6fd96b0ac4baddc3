// results → a table of scores, each with its protocol

import type { TrainingConfig } from '../../experiments/training/trainingConfig.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { percent, table } from './markdown.ts';
import { modelsOf, type ProtocolFigures } from './protocolFigures.ts';
import { spread } from './words.ts';

/**
 * The protocol whose scores the shipped model carries: it was trained on all speakers, so that none is left to test it on.
 */
export function protocolOf(
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
 * Scores of the shipped model and of the protocols; a sentence if there are none.
 *
 * @param small of the small model's configuration
 */
export function accuracy(
  settings: ModelSettings,
  protocols: readonly ProtocolFigures[],
  small?: ProtocolFigures,
): string {
  const { evaluation } = settings.training;
  const shipped = protocolOf(settings, protocols, small)?.file.config;
  const rows: string[][] = [];
  if (evaluation && !shipped) {
    const { uar, war, macroF1 } = evaluation.metrics;
    rows.push(['the shipped model', evaluation.protocol, ...[uar, war, macroF1].map(percent)]);
  }
  const unknown = shipped ? 'another configuration' : 'the configuration';
  for (const figures of protocols) {
    const other = figures.speakers === 'dependent' ? 'the speaker-dependent configuration' : unknown;
    rows.push(...crossValidated(figures, shipped, other));
  }
  if (small) rows.push(...crossValidated(small, shipped, 'the configuration of the small model'));
  if (rows.length === 0) return 'The model of this revision is a placeholder without an evaluation.';
  return table([['what', 'protocol', 'UAR (95 % interval)', 'WAR', 'macro-F1'], ...rows]);
}

/** Scores of a cross-validation: mean ± standard deviation over seeds, and those of the ensemble. */
function crossValidated(figures: ProtocolFigures, shipped: TrainingConfig | undefined, other: string): string[][] {
  const { protocol, description, config } = figures.file;
  const whose = JSON.stringify(config) === JSON.stringify(shipped) ? 'the configuration of the shipped model' : other;
  return modelsOf(figures).map(({ name, model: { uar, war, macroF1 } }) => [
    ...[`${whose}, ${name}`, `${protocol}: ${description}`, spread(uar)],
    ...[war, macroF1].map(({ mean, std }) => spread({ mean, std })),
  ]);
}
