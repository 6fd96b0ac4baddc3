// confusion matrix → a coloured table

import type { ConfusionMatrix } from 'speech-emotion/evaluation';
import { make } from '../dom.ts';

/** The most accent, in percent, on which text is readable in light and dark. */
const DEEPEST = 45;

/** A row for each label, coloured by how often the column's label was predicted. */
export function drawConfusion(
  table: HTMLTableElement,
  confusion: ConfusionMatrix,
  labels: readonly string[],
  words: string,
): void {
  const rows = labels.map((label, truth) => {
    const counts = confusion[truth]!;
    const clips = counts.reduce((a, b) => a + b, 0);
    const cells = counts.map((count, said) => {
      const cell = make('td', {}, String(count));
      cell.classList.toggle('right', said === truth);
      cell.classList.toggle('none', count === 0);
      const share = clips > 0 ? count / clips : 0;
      cell.style.background = `color-mix(in srgb, var(--accent) ${DEEPEST * share}%, var(--paper))`;
      return cell;
    });
    return make('tr', {}, make('th', { scope: 'row' }, label), ...cells);
  });
  const heads = labels.map((label) => make('th', { scope: 'col' }, make('span', {}, label)));
  table.replaceChildren(
    make('caption', {}, words),
    make('thead', {}, make('tr', {}, make('td', {}, 'is ↓  said →'), ...heads)),
    make('tbody', {}, ...rows),
  );
}
