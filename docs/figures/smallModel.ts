// results of the small model's recipe → its part of docs/results.md

import { paragraph } from './markdown.ts';
import type { ProtocolFigures } from './protocolFigures.ts';
import { circumstances, recognition } from './protocolSection.ts';
import type { Results } from './results.ts';
import { conditionFigures, conditionsTable } from './robustness.ts';
import { npmRun, points, ranges } from './words.ts';

/** The part of the page; nothing where no seed has all folds. */
export function smallSection(
  { small: file, smallRobustness, robustness }: Results,
  figures: ProtocolFigures | undefined,
  protocols: readonly ProtocolFigures[],
): string {
  if (!file || !figures) return '';
  const { protocol, says } = file;
  const main = protocols.find((one) => one.file.protocol === protocol);
  const change = main && figures.single.uar.mean - main.single.uar.mean;
  const beside =
    change === undefined ? '' : ` Its single model's UAR is ${points(change)} from that of ${protocol} above.`;
  const worse = `Its models on the same clips made worse${robustness ? ', as [above](#when-the-sound-is-worse)' : ''}:`;
  return [
    '## The small model',
    paragraph(`
The recipe of [the small model](model-card.md#the-small-model), under the protocol ${protocol}: ${says}.${beside}`),
    circumstances(file, figures),
    npmRun('evaluate', file.recipe, `--protocol ${protocol} --seed ${ranges(figures.seeds)}`),
    recognition(figures),
    ...(smallRobustness ? [worse, conditionsTable(protocol, conditionFigures(smallRobustness, file))] : []),
  ].join('\n\n');
}
