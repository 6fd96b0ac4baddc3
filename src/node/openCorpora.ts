// path of a folder of corpora → LabelledDataset

import type { LabelledDataset } from '../dataset/labelledDataset.ts';
import {
  checkOpenCorporaOptions,
  type OpenCorporaOptions,
  openCorpora as openCorporaOfSources,
} from '../dataset/openCorpora.ts';
import { openSources, type PathInput } from './sources.ts';

/**
 * Finds which corpora lie in a folder, as archives or folders, and opens them all as one dataset: each clip with its corpus, the
 * labels that the corpus asked for, speaker, sex and language.
 *
 * @param path one path, or several, of folders or of zip archives
 * @param options which corpora, what to do about invalid files, and how archives are read
 * @throws {DatasetError} when a path cannot be read, or no file is of a corpus that `CORPORA` has
 * @throws {TypeError | RangeError} when an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const dataset = await openCorpora('corpora');
 * dataset.corpora; // ['EMOVO', 'RAVDESS', 'TESS']
 * for (const { name, train, test } of dataset.leaveOneCorpusOut()) {
 *   // …
 * }
 * ```
 */
export async function openCorpora(path: PathInput, options: OpenCorporaOptions = {}): Promise<LabelledDataset> {
  const { nameEncoding, maxUnpackedBytes, signal } = checkOpenCorporaOptions(options).collect;
  return openCorporaOfSources(await openSources(path, { nameEncoding, maxUnpackedBytes, signal }), options);
}
