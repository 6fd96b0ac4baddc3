// docs/results/adapt.json → a table of what few clips of a corpus are worth

import type { AdaptFile, AdaptPoint, AdaptWay } from '../../../experiments/adapt/adaptFile.ts';
import { meanAndStd } from '../../../src/crossValidation/crossValidation.ts';
import { paragraph, table } from '../markdown.ts';
import { spread } from '../words.ts';

/** A row for each corpus and number of clips, a column for each way: UAR over the seeds. */
export function adaptTable({ description, commit, ways, points }: AdaptFile): string {
  const names = Object.keys(ways) as AdaptWay[];
  const rows = [...new Set(points.map(rowOf))].map((row) => {
    const own = points.filter((point) => rowOf(point) === row);
    const { corpus, clips } = own[0]!;
    const cells = names.map((way) => {
      const uars = own.filter((point) => point.way === way).map(({ uar }) => uar);
      return uars.length > 0 ? spread(meanAndStd(uars)) : '–';
    });
    return [corpus, String(clips), ...cells];
  });
  const seeds = new Set(points.map(({ seed }) => seed)).size;
  return [
    paragraph(`UAR of ${description}; mean ± standard deviation over ${seeds} draws of clips. At ${commit}.`),
    table([['corpus', 'clips of each label', ...names.map((way) => ways[way])], ...rows]),
  ].join('\n\n');
}

function rowOf({ corpus, clips }: AdaptPoint): string {
  return `${corpus} ${clips}`;
}
