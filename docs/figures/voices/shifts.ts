// docs/results/shift-*.json → a table of the labels that change when clips move by one frame

import type { ShiftFile } from '../../../experiments/robustness/shiftFile.ts';
import { grouped, percent, table } from '../markdown.ts';

/** A row for each model and corpus; in brackets, among the labels that the corpus asked for. */
export function shiftsTable(files: readonly ShiftFile[]): string {
  const rows = files.flatMap(({ model, averaged, clips, commit, corpora }) =>
    corpora.map(({ corpus, clips: count, uarRestricted, shifts: { cut, frame } }) => [
      ...[`\`${model}\``, `${corpus}, ${clips}`, grouped(count), String(averaged), percent(uarRestricted)],
      ...[cut, frame].map(({ changed, changedRestricted }) => `${percent(changed)} (${percent(changedRestricted)})`),
      commit,
    ]),
  );
  const head = [
    'model',
    'clips of',
    'clips',
    'places averaged',
    'UAR, restricted',
    'changed by a cut',
    'by a frame',
    'at',
  ];
  return table([head, ...rows]);
}
