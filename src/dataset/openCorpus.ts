// the name of a corpus, its files → LabelledDataset

import type { Channel } from '../audio/channels.ts';
import { checkFunction, checkObject, checkOneOf } from '../core/check.ts';
import type { ByteSource } from './byteSource.ts';
import { type CollectOptions, checkCollectOptions, collectRecordings, type Identified } from './collectRecordings.ts';
import type { Corpus } from './corpora/corpus.ts';
import { CORPORA, type CorpusName } from './corpora.ts';
import { LabelledDataset } from './labelledDataset.ts';
import { type Recording, SourceRecording } from './recording.ts';
import type { SourceInput } from './source.ts';

/**
 * Lists the recordings of a published corpus in archives or among files; their audio is read later.
 *
 * @param corpus its name, a key of {@link CORPORA}, or a description of another one
 * @param sources one zip archive, or sources, files and archives
 * @param options what to do about files that break the rules of the corpus, and how archives are read
 * @throws {DatasetError} when an archive cannot be read, when a file is invalid (unless such files are skipped), and when no
 *   recording is left
 * @throws {TypeError | RangeError} when the corpus is not known, or an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const dataset = await openCorpus('ravdess', archive); // a Blob; from a path: await openSources(path) of speech-emotion/node
 * const { title, licence, citation } = CORPORA.ravdess;
 * ```
 */
export async function openCorpus(
  corpus: CorpusName | Corpus,
  sources: SourceInput,
  options: CollectOptions = {},
): Promise<LabelledDataset> {
  const known: Corpus = typeof corpus === 'object' ? checkCorpus(corpus) : CORPORA[checkName(corpus)];
  const { labels } = known;
  const intake = checkCollectOptions(ACTION, options);
  const identify = (source: ByteSource) => identifyClip(known, source, intake.channel);
  const { recordings, skipped } = await collectRecordings(sources, intake, identify);
  return new LabelledDataset(recordings, { labels, skipped });
}

const ACTION = 'open a corpus';

function checkName(name: unknown): CorpusName {
  return checkOneOf(ACTION, 'corpus', name, Object.keys(CORPORA) as CorpusName[]);
}

function checkCorpus(corpus: Corpus): Corpus {
  checkObject(ACTION, 'corpus', corpus);
  checkFunction(ACTION, 'corpus.parse', corpus.parse);
  return corpus;
}

function identifyClip(corpus: Corpus, source: ByteSource, channel: Channel | undefined): Identified<Recording> {
  const clip = corpus.parse(source.name);
  if (!clip) return { reason: `it is not a recording of ${corpus.title}, by its name` };
  const { id = source.name, label, speaker, groups } = clip;
  return { recording: new SourceRecording(source, { label, speaker, groups, channel }), key: id };
}
