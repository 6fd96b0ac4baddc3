// chosen files → labelled recordings, split for training and test

import { DatasetError, LabelledDataset, RavdessDataset } from 'speech-emotion';
import { type ByteSource, toSources } from 'speech-emotion/corpora';
import type { ChosenFile, Corpus, SpeakerRule, TrainingSettings } from './messages.ts';

/** The files by their names in the chosen folder; archives are listed, nothing is read. */
async function sourcesOf(files: readonly ChosenFile[]): Promise<ByteSource[]> {
  const sources: (Blob | ByteSource)[] = files.map(({ file, path }) =>
    /\.zip$/i.test(path) ? file : { name: path, bytes: async () => new Uint8Array(await file.arrayBuffer()) },
  );
  return toSources(sources);
}

/**
 * Lists the chosen files as recordings: those of RAVDESS by their names, others by their folders.
 *
 * @throws {DatasetError} when an archive is damaged or no recording has a label
 */
export async function openCorpus(files: readonly ChosenFile[], speakersBy: SpeakerRule): Promise<LabelledDataset> {
  const sources = await sourcesOf(files);
  try {
    return await RavdessDataset.from(sources, { onInvalid: 'skip' });
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
  }
  try {
    return await LabelledDataset.from(sources, { onInvalid: 'skip', speaker: SPEAKERS[speakersBy] });
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    throw new DatasetError(
      `There are no labelled recordings in what was chosen (${sources.length} files). Wanted: sound files with the names ` +
        'of RAVDESS, or in folders that are named for their label, such as happy/anna_01.wav.',
      { cause },
    );
  }
}

const SPEAKERS: Readonly<Record<SpeakerRule, (path: string) => string | undefined>> = {
  name: (path) => /([^/_]+)_[^/]*$/.exec(path)?.[1],
  folder: (path) => path.split('/').at(-3),
  none: () => undefined,
};

/** A description without reading any file. */
export function describe(dataset: LabelledDataset): Corpus {
  const recordings = [...dataset];
  const count = (keyOf: (recording: (typeof recordings)[number]) => string) => {
    const counts = new Map<string, number>();
    for (const recording of recordings) counts.set(keyOf(recording), (counts.get(keyOf(recording)) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  };
  return {
    kind: dataset instanceof RavdessDataset ? 'ravdess' : 'labelled',
    recordings: dataset.size,
    labels: count(({ label }) => label),
    speakers: count(({ speaker }) => speaker).filter(([speaker]) => speaker !== ''),
    withoutSpeaker: recordings.filter(({ speaker }) => speaker === '').length,
    skipped: dataset.skipped,
  };
}

/**
 * Recordings to train on and to hold out, by speaker; without speakers, a fifth of each label's recordings.
 *
 * @throws {RangeError} when either part would be empty
 */
export function splitCorpus(
  dataset: LabelledDataset,
  { speakers, heldOut }: Pick<TrainingSettings, 'speakers' | 'heldOut'>,
): { used: LabelledDataset; train: LabelledDataset; test: LabelledDataset } {
  if (dataset.speakers.length === 0) return { used: dataset, ...dataset.folds({ folds: 5, by: 'recording' })[0]! };
  const names = new Set(speakers.length > 0 ? speakers : dataset.speakers);
  const used = dataset.filter(({ speaker }) => names.has(speaker));
  return { used, ...used.splitBySpeaker(heldOut) };
}
