// the name of a corpus, its files → LabelledDataset

import type { Channel } from '../audio/channels.ts';
import { abortable } from '../core/abortable.ts';
import { checkFunction, checkObject, checkOneOf } from '../core/check.ts';
import type { ByteSource } from './byteSource.ts';
import { type CollectOptions, checkCollectOptions, collectRecordings, type Identified } from './collectRecordings.ts';
import type { Corpus, LabelRow } from './corpora/corpus.ts';
import { CORPORA, type CorpusName } from './corpora.ts';
import { LabelledDataset } from './labelledDataset.ts';
import { type Recording, SourceRecording } from './recording.ts';
import { type SourceInput, toSources } from './source.ts';

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
  const files = await toSources(sources, intake.source);
  const rows = await readLabels(known, files, intake.source.signal);
  const identify = (source: ByteSource) => identifyClip(known, source, rows, intake.channel);
  const { recordings, skipped } = await collectRecordings(files, intake, identify);
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

type Rows = ReadonlyMap<string, LabelRow>;

/** What the files of labels tell, if there are such files. */
async function readLabels(
  { labelFiles }: Corpus,
  files: readonly ByteSource[],
  signal: AbortSignal | undefined,
): Promise<Rows> {
  const rows = new Map<string, LabelRow>();
  for (const file of labelFiles ? files : []) {
    if (!labelFiles!.is(file.name)) continue;
    const text = textOf(await abortable(file.bytes(), signal));
    for (const [key, row] of labelFiles!.rows(text, file.name)) rows.set(key, row);
  }
  return rows;
}

/** As UTF-8, or in the encoding that a byte order mark tells. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function identifyClip(
  corpus: Corpus,
  source: ByteSource,
  rows: Rows,
  channel: Channel | undefined,
): Identified<Recording> {
  const { title, languages, labels, labelFiles } = corpus;
  if (labelFiles?.is(source.name)) return { reason: 'it is a file of labels' };
  const clip = corpus.parse(source.name, rows);
  if (!clip) return { reason: `it is not a recording of ${title}, by its name` };
  if ('reason' in clip) return clip;
  const { id = source.name, label, speaker } = clip;
  const [language, ...others] = languages;
  const groups = language !== undefined && others.length === 0 ? { language, ...clip.groups } : clip.groups;
  const about = { label, speaker, groups, corpus: title, asked: labels, channel };
  return { recording: new SourceRecording(source, about), key: id };
}
