// results of the small model's configuration → its section of docs/results.md

import { paragraph } from './markdown.ts';
import type { ProtocolFigures } from './protocolFigures.ts';
import { circumstances, recognition } from './protocolSection.ts';
import type { Results } from './results.ts';
import { conditionFigures, conditionsTable } from './robustness.ts';
import { npmRun, points, ranges } from './words.ts';

/** The section of the page; empty if no seed has all folds. */
export function smallSection(
  { small: file, smallRobustness, robustness }: Results,
  figures: ProtocolFigures | undefined,
  protocols: readonly ProtocolFigures[],
): string {
  if (!file || !figures) return '';
  const { protocol, description } = file;
  const main = protocols.find((one) => one.file.protocol === protocol);
  const change = main && figures.single.uar.mean - main.single.uar.mean;
  const beside =
    change === undefined
      ? ''
      : ` The UAR of its single model is ${points(Math.abs(change))} ${change < 0 ? 'below' : 'above'} that of the main configuration.`;
  const worse = `Its models on perturbed clips${robustness ? ', as [above](#robustness)' : ''}:`;
  return [
    '## The small model',
    paragraph(`
The configuration of [the small model](model-card.md#the-small-model), under the protocol ${protocol}: ${description}.${beside}`),
    circumstances(file, figures),
    npmRun('evaluate', file.config, `--protocol ${protocol} --seed ${ranges(figures.seeds)}`),
    recognition(figures),
    ...(smallRobustness ? [worse, conditionsTable(protocol, conditionFigures(smallRobustness, file))] : []),
  ].join('\n\n');
}
