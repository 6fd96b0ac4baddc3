// datasets of several corpora → one

import { checkArray } from '../core/check.ts';
import { EMOTIONS } from './emotion.ts';
import { LabelledDataset } from './labelledDataset.ts';
import type { Recording } from './recording.ts';

const ACTION = 'merge datasets';

/**
 * Makes one dataset of several, to train on or to test on: each recording keeps its corpus and the labels that it was asked
 * for, and has the corpus among its groups. Speakers are named by corpus and name (`TESS OAF`), so that no two are one.
 *
 * The labels are those of all datasets: the eight {@link EMOTIONS} in their order, then others in the order in which they come.
 *
 * @param datasets such as `openCorpus` and `RavdessDataset.from` give, or of your own recordings with the option `corpus`
 * @throws {RangeError} when there are none, two of them have recordings of one name, or more than one lacks the name of its corpus
 * @throws {TypeError} when something else is given
 * @example
 * ```ts
 * const all = mergeDatasets([await openCorpus('tess', tess), await openCorpus('emovo', emovo)]);
 * for (const { name, train, test } of all.leaveOneCorpusOut()) {
 *   // loco/EMOVO, loco/TESS
 * }
 * ```
 */
export function mergeDatasets(datasets: readonly LabelledDataset[]): LabelledDataset {
  checkArray(ACTION, 'datasets', datasets);
  if (datasets.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be datasets, got none`);
  const strange = datasets.findIndex((dataset) => !(dataset instanceof LabelledDataset));
  if (strange >= 0)
    throw new TypeError(`Cannot ${ACTION}: datasets must be LabelledDatasets, got another at ${strange}`);
  checkCorpora(datasets);
  const recordings = datasets.flatMap((dataset) => Array.from(dataset, (recording) => ofCorpus(recording, dataset)));
  checkNames(recordings);
  return new LabelledDataset(recordings, {
    labels: allLabels(datasets),
    skipped: datasets.flatMap(({ skipped }) => skipped),
  });
}

function checkCorpora(datasets: readonly LabelledDataset[]): void {
  const unnamed = datasets.filter((dataset) => [...dataset].some(({ corpus }) => corpus === undefined));
  if (unnamed.length < 2) return;
  throw new RangeError(
    `Cannot ${ACTION}: at most one may lack the name of its corpus (the option corpus of LabelledDataset.from), got ${unnamed.length}`,
  );
}

/** The recording as one of several corpora. */
function ofCorpus(recording: Recording, { labels }: LabelledDataset): Recording {
  const { name, label, speaker, groups, corpus, asked = labels, channel } = recording;
  return {
    name,
    label,
    speaker: speakerOf(corpus, speaker),
    groups: corpus === undefined ? groups : { ...groups, corpus },
    corpus,
    asked,
    channel,
    bytes: () => recording.bytes(),
    waveform: (options) => recording.waveform(options),
  };
}

/** Named by the corpus, once: datasets that were merged before may be merged again. */
function speakerOf(corpus: string | undefined, speaker: string): string {
  if (corpus === undefined || speaker === '' || speaker.startsWith(`${corpus} `)) return speaker;
  return `${corpus} ${speaker}`;
}

function checkNames(recordings: readonly Recording[]): void {
  const names = new Set<string>();
  for (const { name } of recordings) {
    if (names.has(name)) throw new RangeError(`Cannot ${ACTION}: names must be unique, got '${name}' twice`);
    names.add(name);
  }
}

function allLabels(datasets: readonly LabelledDataset[]): string[] {
  const all = new Set(datasets.flatMap(({ labels }) => labels));
  const emotions = EMOTIONS.filter((emotion) => all.has(emotion));
  return [...new Set<string>([...emotions, ...all])];
}
