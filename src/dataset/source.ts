// files, archives, bytes → named sources of bytes, read when asked

import { DatasetError } from '../core/errors.ts';

/** A named file that is read when it is asked for. */
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

/**
 * What a dataset can be made from: one zip archive, or any mix of sources, files and zip archives.
 *
 * A `Blob` without a name counts as a zip archive, a `File` does when its name ends in `.zip`.
 */
export type SourceInput = Blob | ByteSource | Iterable<Blob | ByteSource>;

/**
 * Lists the files in what was given; nothing but the directories of archives is read.
 *
 * Left out: what operating systems leave behind (`__MACOSX`, `.DS_Store`, `Thumbs.db`, anything whose name starts with a dot).
 *
 * @param input one archive, or sources, files and archives
 * @throws {DatasetError} when an archive is damaged, encrypted, or no zip archive
 */
export async function toSources(input: SourceInput): Promise<ByteSource[]> {
  const parts = Symbol.iterator in input ? [...input] : [input];
  const sources: ByteSource[] = [];
  for (const part of parts) {
    if (!isBlob(part)) sources.push(part);
    else if (isZip(blobName(part))) sources.push(...(await blobZipSources(part)));
    else sources.push(blobSource(part));
  }
  return sources.filter(({ name }) => !isLeftover(name));
}

/** Whether a name is that of a zip archive. */
export function isZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** Whether a name is that of a sound or video file, by its extension: what a corpus may hold apart from documents. */
export function isMedia(name: string): boolean {
  return /\.(wav|wave|flac|mp3|mp4|m4[av]|ogg|og[av]|opus|aac|aiff?|webm|wma|amr|au|mov|mkv|avi|mpe?g)$/i.test(name);
}

/** Whether a path leads to something that an operating system left behind and that is no file of the user's. */
export function isLeftover(name: string): boolean {
  return name.split('/').some((part) => /^(\.(?!\.?$).*|__MACOSX|Thumbs\.db|desktop\.ini)$/i.test(part));
}

/** Wraps whatever a read threw in an error that names the file. */
export function unreadable(name: string, cause: unknown): DatasetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatasetError(`Cannot read '${name}': ${reason}`, { cause, file: name });
}

// Not `instanceof`: a Blob may come from another realm. Newer runtimes give blobs a `bytes` method, so that a File looks
// like a ByteSource and has to be told apart by what only blobs have.
function isBlob(part: Blob | ByteSource): part is Blob {
  return 'arrayBuffer' in part && 'slice' in part;
}

function blobName(blob: Blob & { readonly name?: string; readonly webkitRelativePath?: string }): string {
  return blob.webkitRelativePath || blob.name || 'archive.zip';
}

function blobSource(blob: Blob): ByteSource {
  const name = blobName(blob);
  return {
    name,
    bytes: () =>
      blob.arrayBuffer().then(
        (buffer) => new Uint8Array(buffer),
        (error) => Promise.reject(unreadable(name, error)),
      ),
  };
}

async function blobZipSources(blob: Blob): Promise<ByteSource[]> {
  const { zipSources } = await import('./zip.ts');
  return zipSources({
    name: blobName(blob),
    size: async () => blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  });
}
