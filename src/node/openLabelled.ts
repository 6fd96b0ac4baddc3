// path of labelled recordings → LabelledDataset

import { LabelledDataset, type LabelledDatasetOptions } from '../dataset/labelledDataset.ts';
import { openSources, type PathInput } from './sources.ts';

/**
 * Opens recordings of one's own, labelled by their folders (`recordings/happy/clip.wav`) or by a callback.
 *
 * @param path one path, or several, of folders or of zip archives
 * @param options how to label
 * @throws {DatasetError} when a path cannot be read, or a file is invalid (unless such files are skipped)
 * @example
 * ```ts
 * const dataset = await openLabelled('recordings', { speaker: (name) => name.split('/').at(-1)?.split('_')[0] });
 * ```
 */
export async function openLabelled(path: PathInput, options: LabelledDatasetOptions = {}): Promise<LabelledDataset> {
  return LabelledDataset.from(await openSources(path), options);
}
