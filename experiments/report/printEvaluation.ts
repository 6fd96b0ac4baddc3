// Evaluation → tables on the terminal

import Table from 'cli-table3';
import type { Evaluation } from 'speech-emotion';

export const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

/** The scores in one line, with their protocol: without it they mean nothing. */
export function summary(protocol: string, { uar, uarInterval, war, macroF1 }: Evaluation): string {
  const { low, high, level } = uarInterval;
  return (
    `UAR ${percent(uar)} (${100 * level} % interval over speakers: ${percent(low)} to ${percent(high)}), ` +
    `WAR ${percent(war)}, macro F1 ${percent(macroF1)}; ${protocol}`
  );
}

/** Prints the confusion matrix, the breakdown by group, and the scores. */
export function printEvaluation(protocol: string, evaluation: Evaluation): void {
  const { labels, confusion, recalls } = evaluation;
  const matrix = new Table({
    head: ['actual \\ predicted', ...labels, 'recall'],
    colAligns: ['left', ...labels.map(() => 'right' as const), 'right'],
    style: plain,
  });
  for (const [i, row] of confusion.entries()) matrix.push([labels[i], ...row, percent(recalls[i] ?? null)]);
  const groups = new Table({
    head: ['group', 'clips', 'UAR', 'WAR'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: plain,
  });
  groups.push(...groupRows(evaluation));
  console.log(`\n${matrix}\n${groups}\n${summary(protocol, evaluation)}`);
}

/** Name, clips, UAR and WAR of each group. */
export function groupRows({ groups }: Evaluation): string[][] {
  return Object.entries(groups).flatMap(([name, parts]) =>
    Object.entries(parts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, { clips, uar, war }]) => [`${name} ${value}`, String(clips), percent(uar), percent(war)]),
  );
}

/** No colours, which would clutter logs. */
const plain = { head: [], border: [], compact: true };
