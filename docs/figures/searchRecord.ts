// lines of search.jsonl → the table of all trials, and which clips the search has scored

import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import type { SpeakerRule } from '../../src/crossValidation/resolveFolds.ts';
import { RAVDESS_FOLDS, type RavdessProtocol } from '../../src/dataset/ravdessFolds.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { paragraph, percent, table } from './markdown.ts';
import type { TrialLine } from './results.ts';
import { counted } from './words.ts';

/** The part of the page; nothing where nothing was tried. */
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
The record holds ${counted(trials.length, 'trial')}, all of them, in the order in which they were run; one seed each, on inner splits, so no figure here
is to be compared with one above. Scored fold, without the fold that was neither trained on nor scored: ${splits.join('; ')}. "With copies" averages a
clip's probabilities over it and its speed copies; NLL in nats, each split calibrated by the other.`)}

${table([['trial', 'what for', 'protocol', 'UAR', 'WAR', 'UAR with copies', 'NLL', 'seconds', 'commit'], ...rows])}`;
}

/**
 * Tells for the protocols of a kind whether the search has scored a clip of a fold. Where speakers are kept apart, that an actor
 * was scored counts, in whichever protocol.
 *
 * @returns undefined where no trial was of that kind
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

/** `actors5/1` → who that fold tests. */
function actorsOf(fold: string): readonly number[] {
  const [name, place] = fold.split('/');
  const actors = RAVDESS_FOLDS[name as RavdessProtocol]?.[Number(place)];
  if (!actors) throw new Error(`Cannot tell whom the search scored: a split must be of a published fold, got ${fold}`);
  return actors;
}
