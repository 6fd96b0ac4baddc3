// path of RAVDESS folders or archives → RavdessDataset

import { checkRavdessOptions, RavdessDataset, type RavdessDatasetOptions } from '../dataset/ravdessDataset.ts';
import { openSources, type PathInput } from './sources.ts';

/**
 * Opens RAVDESS in place: the archives as published, or folders with their contents.
 *
 * @param path one path, or several, e.g. of the speech and of the song archive
 * @param options what to do with files that are no clips, and how archives are read
 * @throws {DatasetError} when a path cannot be read, or a file is invalid (unless such files are skipped)
 * @throws {TypeError | RangeError} when an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const dataset = await openRavdess('Audio_Speech_Actors_01-24.zip');
 * dataset.size; // 1440
 * ```
 */
export async function openRavdess(path: PathInput, options: RavdessDatasetOptions = {}): Promise<RavdessDataset> {
  const { source } = checkRavdessOptions(options);
  return RavdessDataset.from(await openSources(path, source), options);
}
