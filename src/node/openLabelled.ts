// path of labelled recordings → LabelledDataset

import { LabelledDataset } from '../dataset/labelledDataset.ts';
import { checkLabelledOptions, type LabelledDatasetOptions } from '../dataset/labelling.ts';
import { openSources, type PathInput } from './sources.ts';

/**
 * Opens your own recordings, labelled by their folders (`recordings/happy/clip.wav`) or by a callback.
 *
 * @param path one path, or several, of folders or of zip archives
 * @param options how to label, and how archives are read
 * @throws {DatasetError} when a path cannot be read, or a file is invalid (unless such files are skipped)
 * @throws {TypeError | RangeError} when an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const dataset = await openLabelled('recordings', { speaker: (name) => name.split('/').at(-1)?.split('_')[0] });
 * ```
 */
export async function openLabelled(path: PathInput, options: LabelledDatasetOptions = {}): Promise<LabelledDataset> {
  const { intake } = checkLabelledOptions(options);
  return LabelledDataset.from(await openSources(path, intake.source), options);
}
