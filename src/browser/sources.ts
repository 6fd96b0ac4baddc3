// FileList of a folder upload or a drop → sources of bytes

import { type ByteSource, toSources } from '../dataset/source.ts';

/**
 * Lists what a user chose: a folder (`<input type="file" webkitdirectory>`), files, zip archives, or any mix of them.
 *
 * Files of a chosen folder are named by their path in it (`recordings/happy/clip.wav`), so that folders can be labels.
 *
 * @param files the `files` of an input element or of a drop
 * @throws {DatasetError} when an archive is damaged, encrypted, or no zip archive
 * @example
 * ```ts
 * const dataset = await LabelledDataset.from(await sourcesFromFiles(input.files ?? []));
 * ```
 */
export async function sourcesFromFiles(files: Iterable<File>): Promise<ByteSource[]> {
  return toSources([...files]);
}
