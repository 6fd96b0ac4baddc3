// FileList of a folder upload or a drop → sources of bytes

import type { ByteSource, SourceOptions } from '../dataset/byteSource.ts';
import { toSources } from '../dataset/source.ts';

/**
 * Lists the files that a user chose: a folder (`<input type="file" webkitdirectory>`), files, zip archives, or any mix of them.
 *
 * Files of a folder are named by their path (`recordings/happy/clip.wav`), so that folders can be labels.
 *
 * @param files the `files` of an input element or of a drop
 * @param options how archives are read, and a signal that stops the listing
 * @throws {DatasetError} when an archive is damaged, encrypted, no zip archive, or has names in an encoding that is not known
 * @throws {TypeError | RangeError} when these are no files, or an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const dataset = await LabelledDataset.from(await sourcesFromFiles(input.files ?? []));
 * ```
 */
export async function sourcesFromFiles(files: Iterable<File>, options: SourceOptions = {}): Promise<ByteSource[]> {
  return toSources(files, options);
}
