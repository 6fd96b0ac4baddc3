// labels ↔ columns of their scores

import type { Column, Row } from './rowWriter.ts';

/** So that no label is taken for another column, whatever it is called. */
const PREFIX = 'score_';

/** A column for the score of each label. */
export function scoreColumns(labels: readonly string[]): Column[] {
  return labels.map((label) => ({ name: `${PREFIX}${label}`, type: 'number' }));
}

/** Scores as values of their columns. */
export function scoreValues(scores: readonly { readonly label: string; readonly score: number }[] = []): Row {
  return Object.fromEntries(scores.map(({ label, score }) => [`${PREFIX}${label}`, score]));
}

/** Scores that a row has, the likeliest first. */
export function scoresOf(row: Row): { label: string; score: number }[] {
  return Object.entries(row)
    .flatMap(([name, score]) =>
      name.startsWith(PREFIX) && typeof score === 'number' ? [{ label: name.slice(PREFIX.length), score }] : [],
    )
    .sort((a, b) => b.score - a.score);
}
