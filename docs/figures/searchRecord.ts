// lines of search.jsonl → the table of all trials, and which clips the search scored

import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import { RAVDESS_FOLDS, type RavdessProtocol } from '../../src/dataset/ravdessFolds.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import type { SpeakerRule } from '../../src/exampleSet/namedFold.ts';
import { paragraph, percent, table } from './markdown.ts';
import type { TrialLine } from './results.ts';
import { counted } from './words.ts';

/** The section of the page; empty without trials. */
export function searchSection(trials: readonly TrialLine[]): string {
  if (trials.length === 0) return '';
  const rows = trials.map(({ trial, why, protocol, single, copies, seconds, commit }) => [
    ...[trial, why, protocol, percent(single.uar), percent(single.war), percent(copies.uar), single.nll.toFixed(3)],
    ...[String(seconds), commit],
  ]);
  const splits = [
    ...new Set(trials.flatMap(({ protocol, splits }) => splits.map(({ name }) => `${protocol}: ${name}`))),
  ];
  return `\
## The search

${paragraph(`
All ${counted(trials.length, 'trial')} on record, in the order in which they were run; one seed each, on inner splits, so that no figure here may be compared
with those above. Scored fold, and the fold that was used neither for training nor for scoring: ${splits.join('; ')}. "With copies" averages a
clip's probabilities over it and its speed copies; NLL in nats, each split calibrated on the other.`)}

${table([['trial', 'purpose', 'protocol', 'UAR', 'WAR', 'UAR with copies', 'NLL', 'seconds', 'commit'], ...rows])}`;
}

/**
 * Whether the search scored a clip of a fold, for the protocols of a kind. If speakers are kept apart, it counts whether the actor was
 * scored, under any protocol.
 *
 * @returns undefined if no trial was of that kind
 */
export function scoredBySearch(
  trials: readonly TrialLine[],
  speakers: SpeakerRule,
): ((clip: LabelledPrediction, fold: string) => boolean) | undefined {
  const own = trials.filter(({ protocol }) => PROTOCOLS[protocol]?.speakers === speakers);
  const folds = new Set(own.flatMap(({ splits }) => splits.map(({ name }) => name.split(' without ')[0]!)));
  if (folds.size === 0) return undefined;
  if (speakers === 'dependent') return (_, fold) => folds.has(fold);
  const actors = new Set([...folds].flatMap(actorsOf));
  return ({ speaker }) => actors.has(Number(speaker));
}

/** `actors5/1` → the test actors of that fold. */
function actorsOf(fold: string): readonly number[] {
  const [name, place] = fold.split('/');
  const actors = RAVDESS_FOLDS[name as RavdessProtocol]?.[Number(place)];
  if (!actors)
    throw new Error(`Cannot tell which actors the search scored: a split must be of a published fold, got ${fold}`);
  return actors;
}
