// sources → recordings, and a report of the files left out

import { type Channel, checkChannel } from '../audio/channels.ts';
import { abortable } from '../core/abortable.ts';
import { checkNothingElse, checkObject, checkOneOf, checkOptions, type Resolved } from '../core/check.ts';
import { DatasetError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import type { ByteSource, SourceOptions } from './byteSource.ts';
import type { Recording } from './recording.ts';
import { checkSourceOptions, isOtherArchive, isZip, type SourceInput, toSources } from './source.ts';

/** A file that a dataset left out, and why. */
export interface SkippedFile {
  /** The file's name as its source gives it. */
  readonly name: string;
  /** What was wrong with it, in a sentence. */
  readonly reason: string;
}

/** What to do about recordings that break a dataset's rules: stop, or leave them out and report them in `skipped`. */
export type OnInvalid = 'throw' | 'skip';

/** Options that all datasets of files have in common. */
export interface CollectOptions extends SourceOptions {
  /** What to do about files that break the dataset's rules. @default 'throw' */
  readonly onInvalid?: OnInvalid | undefined;
  /**
   * Which channel of the files is listened to: its number, from 0 on, or `'mix'`, the mean of those that carry the sound. A file that
   * lacks it cannot be read.
   * @default 'mix'
   */
  readonly channel?: Channel | undefined;
}

/** What a file turned out to be: a recording, known by a key that no other may have, or a reason to leave it out. */
export type Identified<R extends Recording> =
  | { readonly recording: R; readonly key: string }
  | { readonly reason: string };

/** Files between turns of the host. */
const TURN = 1000;

/** The options, when each of them is what it must be, and there are no others. */
export function checkCollectOptions(
  action: string,
  options: CollectOptions,
): Resolved<Pick<CollectOptions, 'onInvalid'>> & {
  readonly channel: Channel | undefined;
  readonly source: SourceOptions;
} {
  // By itself, since elsewhere `on…` is a function.
  const { onInvalid = 'throw', ...others } = checkObject(action, 'options', options);
  const { channel, nameEncoding, maxUnpackedBytes, signal, ...rest } = checkOptions(action, others);
  checkNothingElse(action, rest);
  checkOneOf(action, 'onInvalid', onInvalid, ['throw', 'skip']);
  if (channel !== undefined) checkChannel(action, channel);
  return { onInvalid, channel, source: checkSourceOptions({ nameEncoding, maxUnpackedBytes, signal }, action) };
}

/**
 * Turns files into recordings, in the order of their keys: splits then depend on the recordings and not on how a folder
 * or an archive happens to be ordered.
 *
 * A file whose key was there before is left out where it is an exact copy, as corpora are handed on with every folder in them
 * twice; otherwise it is invalid.
 *
 * @param identify looks at one file by name; a `DatasetError` from it makes the file invalid; a reason leaves it out in
 *   either mode
 * @throws {DatasetError} at the first invalid file unless they are skipped, and when no recording is left
 */
export async function collectRecordings<R extends Recording>(
  input: SourceInput,
  { onInvalid, source: options }: ReturnType<typeof checkCollectOptions>,
  identify: (source: ByteSource) => Identified<R>,
): Promise<{ recordings: R[]; skipped: SkippedFile[] }> {
  const found = new Map<string, R>();
  const skipped: SkippedFile[] = [];
  const take = async (source: ByteSource): Promise<void> => {
    const identified = identifyFile(source, identify);
    const first = 'key' in identified ? found.get(identified.key) : undefined;
    if ('reason' in identified) skipped.push({ name: source.name, reason: identified.reason });
    else if (!first) found.set(identified.key, identified.recording);
    else if (onInvalid === 'throw' && (await isCopy(source, first, options.signal))) {
      skipped.push({ name: source.name, reason: `it is a copy of '${first.name}'` });
    } else {
      throw new DatasetError(`Cannot use '${source.name}': it is the same recording as '${first.name}'`, {
        file: source.name,
      });
    }
  };
  for (const [i, source] of (await toSources(input, options)).entries()) {
    if (i % TURN === 0) await abortable(nextTask(), options.signal);
    try {
      await take(source);
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
  if (found.size === 0) throw nothingFound(skipped);
  const keys = [...found.keys()].sort();
  return { recordings: keys.map((key) => found.get(key)!), skipped };
}

/** What a file is, archives apart: what lies in them may be most of the corpus. */
function identifyFile<R extends Recording>(source: ByteSource, identify: (source: ByteSource) => Identified<R>) {
  const { name } = source;
  if (isZip(name)) {
    throw new DatasetError(
      `Cannot use '${name}': it is an archive in an archive, which is not opened; unpack the outer one`,
      {
        file: name,
      },
    );
  }
  if (isOtherArchive(name)) return { reason: 'it is an archive, and only zip archives are opened: unpack it' };
  return identify(source);
}

async function isCopy(source: ByteSource, first: Recording, signal: AbortSignal | undefined): Promise<boolean> {
  await abortable(nextTask(), signal);
  const [some, other] = await abortable(Promise.all([source.bytes(), first.bytes()]), signal);
  return some.length === other.length && some.every((byte, i) => byte === other[i]);
}

function nothingFound([first, ...others]: readonly SkippedFile[]): DatasetError {
  const seen = first
    ? `files left out: ${others.length + 1}, the first '${first.name}', because: ${first.reason}`
    : 'no files';
  return new DatasetError(`Cannot make a dataset: there must be a recording in what was given, got ${seen}`, {
    file: first?.name,
  });
}
