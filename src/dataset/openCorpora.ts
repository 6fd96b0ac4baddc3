// files of several corpora → one LabelledDataset, by what their names are like

import { checkArray, checkObject, checkOneOf } from '../core/check.ts';
import { DatasetError } from '../core/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { type CollectOptions, checkCollectOptions, type SkippedFile } from './collectRecordings.ts';
import type { Corpus } from './corpora/corpus.ts';
import { CORPORA, type CorpusName } from './corpora.ts';
import { LabelledDataset } from './labelledDataset.ts';
import { mergeDatasets } from './mergeDatasets.ts';
import { openCorpus } from './openCorpus.ts';
import { isMedia, type SourceInput, toSources } from './source.ts';

/** Options of {@link openCorpora}. */
export interface OpenCorporaOptions extends CollectOptions {
  /**
   * What to do about files that break the rules of their corpus: `'throw'`, or `'skip'` and report them in `skipped`.
   *
   * @default 'skip'
   */
  readonly onInvalid?: CollectOptions['onInvalid'];
  /** The corpora to open, others are left out. @default all that are found */
  readonly corpora?: readonly CorpusName[] | undefined;
}

/**
 * Finds which corpora lie in archives or among files, and opens them all as one dataset: each clip with its corpus, the labels
 * that the corpus asked for, speaker, sex and language. Whose an archive or a folder is, the names in it tell.
 *
 * @param sources zip archives, sources and files; from a folder: `openCorpora` of `speech-emotion/node`
 * @param options which corpora, what to do about invalid files, and how archives are read
 * @throws {DatasetError} when no file is of a corpus that {@link CORPORA} has
 * @throws {TypeError | RangeError} when an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const all = await openCorpora([tessArchive, emovoArchive]);
 * all.corpora; // ['EMOVO', 'TESS']
 * ```
 */
export async function openCorpora(sources: SourceInput, options: OpenCorporaOptions = {}): Promise<LabelledDataset> {
  const { wanted, collect } = checkOpenCorporaOptions(options);
  const files = await toSources(sources, checkCollectOptions(ACTION, collect).source);
  const { found, others } = sortOut(files, wanted);
  if (found.size === 0) {
    throw new DatasetError(
      `Cannot ${ACTION}: there must be files named as those of ${titles(wanted)}, got ${files.length} others, e.g. '${files[0]?.name ?? 'none'}'`,
      { file: files[0]?.name },
    );
  }
  const datasets: LabelledDataset[] = [];
  for (const name of wanted) {
    const own = found.get(name);
    if (own) datasets.push(await openCorpus(name, own, collect));
  }
  const merged = mergeDatasets(datasets);
  return new LabelledDataset(merged, { labels: merged.labels, skipped: [...merged.skipped, ...others] });
}

const ACTION = 'open corpora';

/** The options, when each of them is what it must be. */
export function checkOpenCorporaOptions(options: OpenCorporaOptions) {
  const all = Object.keys(CORPORA) as CorpusName[];
  const { corpora = all, onInvalid = 'skip', ...rest } = checkObject(ACTION, 'options', options);
  for (const name of checkArray(ACTION, 'corpora', corpora)) checkOneOf(ACTION, 'corpora', name, all);
  const collect: CollectOptions = { ...rest, onInvalid };
  checkCollectOptions(ACTION, collect);
  return { wanted: all.filter((name) => corpora.includes(name)), collect };
}

function titles(names: readonly CorpusName[]): string {
  return names.map((name) => CORPORA[name].title).join(', ');
}

interface Sorted {
  readonly found: Map<CorpusName, ByteSource[]>;
  readonly others: SkippedFile[];
}

/** A file, and the corpora whose recordings are named like it. */
interface Candidate {
  readonly source: ByteSource;
  readonly corpus: CorpusName | undefined;
}

/**
 * Deals files to corpora. A folder or archive with recordings of one corpus is that corpus', with all that is in it: tables,
 * documents, and names that break its rules. One with several is looked at folder by folder.
 */
function sortOut(files: readonly ByteSource[], wanted: readonly CorpusName[]): Sorted {
  const sorted: Sorted = { found: new Map(), others: [] };
  deal(
    files.map((source) => ({ source, corpus: wanted.find((name) => isNamedLike(CORPORA[name], source.name)) })),
    0,
    sorted,
  );
  return sorted;
}

function isNamedLike(corpus: Corpus, path: string): boolean {
  if (!isMedia(path)) return false;
  try {
    return corpus.parse(path) !== undefined;
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    // Without its files of labels, a corpus knows a name, but not the emotion; others refuse what they do not have.
    return corpus.labelFiles !== undefined;
  }
}

function deal(candidates: readonly Candidate[], depth: number, sorted: Sorted): void {
  const corpora = new Set(candidates.map(({ corpus }) => corpus).filter((corpus) => corpus !== undefined));
  const [corpus] = corpora;
  if (corpora.size === 1) {
    const own = sorted.found.get(corpus!) ?? [];
    for (const { source } of candidates) own.push(source);
    sorted.found.set(corpus!, own);
    return;
  }
  const folders = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const parts = candidate.source.name.split('/');
    const folder = parts.length > depth + 1 ? parts[depth]! : '';
    const inside = folders.get(folder);
    if (inside) inside.push(candidate);
    else folders.set(folder, [candidate]);
  }
  for (const [folder, inside] of folders) {
    if (folder !== '' && corpora.size > 0) deal(inside, depth + 1, sorted);
    else for (const one of inside) dealFile(one, sorted);
  }
}

function dealFile(candidate: Candidate, sorted: Sorted): void {
  if (candidate.corpus) deal([candidate], 0, sorted);
  else
    sorted.others.push({
      name: candidate.source.name,
      reason: 'it is of no corpus that is known, by its name and its folder',
    });
}
