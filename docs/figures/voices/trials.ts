// docs/results/voices-search.jsonl → a table of all trials

import type { VoicesTrialLine } from '../../../experiments/voices/trialLine.ts';
import { paragraph, percent, table } from '../markdown.ts';

/** A row for each trial, a column for each condition. */
export function trialsTable(trials: readonly VoicesTrialLine[]): string {
  const conditions = [...new Set(trials.flatMap(({ uar }) => Object.keys(uar)))];
  const rows = trials.map(({ trial, why, split, seed, uar, nll, seconds, commit }) => [
    ...[trial, why, split, String(seed), ...conditions.map((condition) => percent(uar[condition]))],
    ...[nll.toFixed(3), String(seconds), commit],
  ]);
  return [
    paragraph(
      `UAR of RAVDESS' clips of inner splits (actors5/1 without actors5/0: trained on the three other folds), perturbed or not.`,
    ),
    table([['trial', 'what was asked', 'scored', 'seed', ...conditions, 'NLL', 'seconds', 'at'], ...rows]),
  ].join('\n\n');
}
