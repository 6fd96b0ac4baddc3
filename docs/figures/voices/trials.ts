// docs/results/voices-search.jsonl → a table of all trials

import type { VoicesTrialLine } from '../../../experiments/voices/trialLine.ts';
import { paragraph, percent, table } from '../markdown.ts';

/** A row for each trial, a column for each condition. */
export function trialsTable(trials: readonly VoicesTrialLine[]): string {
  const conditions = [...new Set(trials.flatMap(({ uar }) => Object.keys(uar)))];
  const rows = trials.map(({ trial, why, seed, uar, nll, seconds, commit }) => [
    ...[trial, why, String(seed), ...conditions.map((condition) => percent(uar[condition]))],
    ...[nll.toFixed(3), String(seconds), commit],
  ]);
  const splits = [...new Set(trials.map(({ split }) => split))];
  return [
    paragraph(`UAR of RAVDESS' clips of an inner split (${splits.join('; ')}), as they are and perturbed.`),
    table([['trial', 'what was asked', 'seed', ...conditions, 'NLL', 'seconds', 'at'], ...rows]),
  ].join('\n\n');
}
