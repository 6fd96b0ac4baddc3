// Evaluation → text

import type { Evaluation, ProbabilityScores } from './evaluation.ts';

/**
 * An evaluation as text for a terminal or a log: figures, confusion matrix with recalls, and the breakdown by group.
 *
 * @returns lines separated by `\n`, without one at the end
 */
export function formatEvaluation(evaluation: Evaluation): string {
  const { labels, uar, uarInterval, war, macroF1, confusion, recalls, uncalibrated, calibrated, groups, clips } =
    evaluation;
  const { low, high, level } = uarInterval;
  const speakers = new Set(clips.map(({ speaker, name }) => speaker || `clip ${name}`)).size; // one each where it is not known
  const sections = [
    [
      `${clips.length} clips of ${speakers} speakers`,
      `UAR ${percent(uar)} (${Number((100 * level).toPrecision(6))} % interval over speakers: ${percent(low)} to ${percent(high)})`,
      `WAR ${percent(war)}, macro-F1 ${percent(macroF1)}`,
    ].join('\n'),
    table([
      ['truth \\ predicted', ...labels, 'recall'],
      ...confusion.map((row, i) => [labels[i]!, ...row.map(String), recalls[i] == null ? '–' : percent(recalls[i])]),
    ]),
    table([
      ['probabilities', 'NLL', 'Brier', 'ECE'],
      ['uncalibrated', ...scores(uncalibrated)],
      ['calibrated', ...scores(calibrated)],
    ]),
    ...Object.entries(groups).map(([name, values]) =>
      table([
        [name, 'clips', 'UAR', 'WAR'],
        ...Object.entries(values)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([value, group]) => [value, String(group.clips), percent(group.uar), percent(group.war)]),
      ]),
    ),
  ];
  return sections.join('\n\n');
}

function scores({ nll, brier, ece }: ProbabilityScores): string[] {
  return [nll, brier, ece].map((score) => score.toFixed(3));
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string {
  // Not by `Math.max(...lengths)`: there may be more values of a group than a call can take arguments.
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
