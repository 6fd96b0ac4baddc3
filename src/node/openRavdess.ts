// path of RAVDESS folders or archives → RavdessDataset

import { RavdessDataset, type RavdessDatasetOptions } from '../dataset/ravdessDataset.ts';
import { openSources, type PathInput } from './sources.ts';

/**
 * Opens RAVDESS where it lies: the archives as published, or folders with what was in them.
 *
 * @param path one path, or several, e.g. of the speech and of the song archive
 * @param options what to do about files that are no clips
 * @throws {DatasetError} when a path cannot be read, or a file is invalid (unless such files are skipped)
 * @example
 * ```ts
 * const dataset = await openRavdess('Audio_Speech_Actors_01-24.zip');
 * dataset.size; // 1440
 * ```
 */
export async function openRavdess(path: PathInput, options: RavdessDatasetOptions = {}): Promise<RavdessDataset> {
  return RavdessDataset.from(await openSources(path), options);
}
