// files, archives, bytes → named sources of bytes, read on demand

import { abortable } from '../core/abortable.ts';
import { checkInteger, checkNothingElse, checkOptions, shown } from '../core/check.ts';
import { type ByteSource, isLeftover, type SourceOptions, unreadable } from './byteSource.ts';

/**
 * What a dataset can be made from: one zip archive, or any mix of sources, files and zip archives.
 *
 * A `Blob` without a name counts as a zip archive, a `File` does when its name ends in `.zip`.
 */
export type SourceInput = Blob | ByteSource | Iterable<Blob | ByteSource>;

const ACTION = 'open sources';

/**
 * Lists the files in what was given; nothing but the directories of archives is read.
 *
 * Names come in composed Unicode (NFC), also where the file system writes others. Left out: what operating systems leave behind
 * (`__MACOSX`, `.DS_Store`, `Thumbs.db`, anything whose name starts with a dot).
 *
 * @param input one archive, or sources, files and archives
 * @param options how archives are read
 * @throws {DatasetError} when an archive is damaged, encrypted, or no zip archive, or the encoding of its names is not known
 * @throws {TypeError | RangeError} when the input is none, or an option is wrong
 * @throws the signal's reason when it aborts
 */
export async function toSources(input: SourceInput, options: SourceOptions = {}): Promise<ByteSource[]> {
  const { signal } = checkSourceOptions(options);
  signal?.throwIfAborted();
  const sources: ByteSource[] = [];
  for (const part of partsOf(input)) {
    if (!isBlob(part)) sources.push(part);
    else if (!isZip(blobName(part))) sources.push(blobSource(part));
    // Not by `push(...list)`, which puts the list on the stack.
    else for (const source of await abortable(blobZipSources(part, options), signal)) sources.push(source);
  }
  return sources.filter(({ name }) => !isLeftover(name)).map(composed);
}

/** The options, when each of them is what it must be. */
export function checkSourceOptions(options: SourceOptions, action = ACTION): SourceOptions {
  const { nameEncoding, maxUnpackedBytes, signal, ...rest } = checkOptions(action, options);
  checkNothingElse(action, rest);
  if (nameEncoding !== undefined) checkEncoding(action, nameEncoding);
  // The most that an archive can say without its 64-bit form, and about the most that an array of bytes can hold.
  if (maxUnpackedBytes !== undefined) checkInteger(action, 'maxUnpackedBytes', maxUnpackedBytes, 1, 2 ** 32 - 2);
  return { nameEncoding, maxUnpackedBytes, signal };
}

/** Whether a name is that of a zip archive. */
export function isZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** Whether a name is that of an archive of a kind that is not opened. */
export function isOtherArchive(name: string): boolean {
  return /\.(7z|rar|tar|t?gz|t?bz2|t?xz|t?zst)$/i.test(name);
}

/** Whether a name is that of a sound or video file, by its extension: what a corpus may hold apart from documents. */
export function isMedia(name: string): boolean {
  return /\.(wav|wave|flac|mp3|mp4|m4[av]|ogg|og[av]|opus|aac|aiff?|webm|wma|amr|au|mov|mkv|avi|mpe?g)$/i.test(name);
}

function checkEncoding(action: string, nameEncoding: unknown): void {
  try {
    if (nameEncoding !== 'cp437') new TextDecoder(nameEncoding as string);
  } catch (cause) {
    throw new RangeError(
      `Cannot ${action}: nameEncoding must be 'cp437' or one that TextDecoder knows, got ${shown(nameEncoding)}`,
      { cause },
    );
  }
}

function partsOf(input: SourceInput): Iterable<Blob | ByteSource> {
  const isObject = typeof input === 'object' && input !== null;
  const parts = isObject && Symbol.iterator in input ? [...input] : [input];
  const strange = parts.findIndex((part) => !isBlob(part) && !isSource(part));
  if (strange === -1) return parts;
  const which = parts.length > 1 ? `, got something else at ${strange}` : `, got ${parts[strange] as unknown}`;
  throw new TypeError(`Cannot ${ACTION}: there must be Blobs, Files or sources { name, bytes }${which}`);
}

function isSource(part: Blob | ByteSource): part is ByteSource {
  const { name, bytes } = (part ?? {}) as Partial<ByteSource>;
  return typeof name === 'string' && typeof bytes === 'function';
}

// Not `instanceof`: a Blob may come from another realm. Newer runtimes give blobs a `bytes` method, so that a File looks
// like a ByteSource and has to be told apart by what only blobs have.
function isBlob(part: Blob | ByteSource): part is Blob {
  return typeof part === 'object' && part !== null && 'arrayBuffer' in part && 'slice' in part;
}

function blobName(
  blob: Blob & { readonly name?: string | undefined; readonly webkitRelativePath?: string | undefined },
): string {
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

async function blobZipSources(blob: Blob, options: SourceOptions): Promise<ByteSource[]> {
  const { zipSources } = await import('./zip.ts');
  const archive = {
    name: blobName(blob),
    size: async () => blob.size,
    read: async (offset: number, length: number) =>
      new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
  return zipSources(archive, options);
}

/** The source under its name in composed Unicode (NFC): macOS takes letters and accents apart, others do not. */
function composed(source: ByteSource): ByteSource {
  const name = source.name.normalize();
  return name === source.name ? source : { name, bytes: () => source.bytes() };
}
