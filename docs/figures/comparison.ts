// anchors and figures → published results beside those of this library, by kind of protocol

import { ANCHORS, type Anchor } from './anchors.ts';
import { table } from './markdown.ts';
import { modelsOf, type ProtocolFigures } from './protocolFigures.ts';
import { spread } from './words.ts';

/** The section of the page. */
export function comparisonSection(protocols: readonly ProtocolFigures[]): string {
  const kinds = ['listeners', 'independent', 'dependent'] as const;
  const rows = kinds.flatMap((kind) => [
    ...ANCHORS.filter(({ speakers }) => speakers === kind).map(anchorRow),
    ...protocols.filter(({ speakers }) => speakers === kind).flatMap(ownRows),
  ]);
  return `\
## Comparison with published results

${table([['system', 'tested speakers', 'protocol', 'result', 'source'], ...rows])}`;
}

const TRAINED_ON = { listeners: '–', independent: 'never trained on', dependent: 'trained on' } as const;

function anchorRow({ system, speakers, protocol = '–', result, source = 'not on record here' }: Anchor): string[] {
  return [system, TRAINED_ON[speakers], protocol, result, source];
}

function ownRows(figures: ProtocolFigures): string[][] {
  const { protocol, description } = figures.file;
  const trainedOn = TRAINED_ON[figures.speakers];
  return modelsOf(figures).map(({ name, model: { uar, war } }) => {
    const result = `**UAR ${spread(uar)}, WAR ${spread(war)}**`;
    return [`**this library, ${name}**`, trainedOn, `${protocol}: ${description}`, result, `[below](#${protocol})`];
  });
}
