// a named file, read on demand → what the readers of files and archives share

import { DatasetError } from '../core/errors.ts';

/** A named file that is read on demand. */
export interface ByteSource {
  /**
   * Path of the file, with `/` between folders, starting at what was opened: `Actors.zip/Actor_01/clip.wav`. Errors and
   * reports name files by it, and labels and speakers are taken from it.
   */
  readonly name: string;
  /**
   * Reads the whole file.
   *
   * @throws {DatasetError} when it cannot be read
   */
  bytes(): Promise<Uint8Array>;
}

/** How archives are read. */
export interface SourceOptions {
  /**
   * The encoding of the names in a zip archive where the archive does not state it: `'cp437'`, or what `TextDecoder` calls
   * it, such as `'windows-1252'`, `'shift_jis'` or `'ibm866'`. Windows writes them so, each in the code page of its
   * language.
   *
   * @default UTF-8; an archive of other names is refused
   */
  readonly nameEncoding?: string | undefined;
  /**
   * The most bytes that a file in an archive may unpack to: against archives made to fill the memory.
   *
   * @default 1 GiB (2³⁰), over an hour of sound as it is on CDs; 64 MiB where that is more than 100 times what it is packed
   *   to, as no recording is
   */
  readonly maxUnpackedBytes?: number | undefined;
  /** Stops the listing: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether a path leads to something that an operating system left behind and that is no file of the user's. */
export function isLeftover(name: string): boolean {
  return name.split('/').some((part) => /^(\.(?!\.?$).*|__MACOSX|Thumbs\.db|desktop\.ini)$/i.test(part));
}

/** Wraps what a read threw in an error that names the file. */
export function unreadable(name: string, cause: unknown): DatasetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatasetError(`Cannot read '${name}': ${reason}`, { cause, file: name });
}
