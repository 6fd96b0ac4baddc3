// sources → recordings, and a report of the files that are none

import { DatasetError } from '../core/errors.ts';
import type { Recording } from './recording.ts';
import { type ByteSource, type SourceInput, toSources } from './source.ts';

/** A file that a dataset left out, and why. */
export interface SkippedFile {
  /** The file's name as its source gives it. */
  readonly name: string;
  /** A sentence that says what was wrong with it. */
  readonly reason: string;
}

/** What to do about recordings that break a dataset's rules: stop, or leave them out and report them in `skipped`. */
export type OnInvalid = 'throw' | 'skip';

/** What a file turned out to be: a recording, known by a key that no other may have, or a reason to leave it out. */
export type Identified<R extends Recording> =
  | { readonly recording: R; readonly key: string }
  | { readonly reason: string };

/**
 * Turns files into recordings, in the order of their keys: splits then depend on the recordings and not on how a folder
 * or an archive happens to be ordered.
 *
 * @param identify looks at one file by name; a `DatasetError` from it, like a key that was there before, makes the file
 *   invalid; a reason leaves it out in either mode
 * @throws {DatasetError} at the first invalid file unless they are skipped, and when no recording is left
 */
export async function collectRecordings<R extends Recording>(
  input: SourceInput,
  onInvalid: OnInvalid,
  identify: (source: ByteSource) => Identified<R>,
): Promise<{ recordings: R[]; skipped: SkippedFile[] }> {
  if (onInvalid !== 'throw' && onInvalid !== 'skip') {
    throw new RangeError(`Cannot read the dataset: onInvalid must be 'throw' or 'skip', got ${onInvalid}`);
  }
  const found = new Map<string, R>();
  const skipped: SkippedFile[] = [];
  for (const source of await toSources(input)) {
    try {
      const identified = identify(source);
      if ('reason' in identified) {
        skipped.push({ name: source.name, reason: identified.reason });
        continue;
      }
      const { recording, key } = identified;
      const first = found.get(key);
      if (first) {
        throw new DatasetError(`Cannot use '${source.name}': it is the same recording as '${first.name}'`, {
          file: source.name,
        });
      }
      found.set(key, recording);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      if (onInvalid === 'throw') {
        throw new DatasetError(`${error.message} (onInvalid: 'skip' leaves such files out)`, {
          cause: error,
          file: error.file,
        });
      }
      skipped.push({ name: source.name, reason: error.message });
    }
  }
  if (found.size === 0) {
    const seen = skipped[0] ? `files left out: ${skipped.length}, the first because: ${skipped[0].reason}` : 'no files';
    throw new DatasetError(`Cannot make a dataset: there must be a recording in what was given, got ${seen}`, {
      file: skipped[0]?.name,
    });
  }
  const keys = [...found.keys()].sort();
  return { recordings: keys.map((key) => found.get(key)!), skipped };
}
