// zip archive → its files, listed without unpacking
//
// Loaded on demand: zip.js is needed only by those who open archives. It lists; what it keeps of each entry takes 6 kB, so
// that a million would fill a process: kept here is what reading needs, and `packedFile.ts` reads.

import { type Entry, Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core.js';
import { abortable } from '../core/abortable.ts';
import { DatasetError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { type ByteSource, isLeftover, type SourceOptions } from './byteSource.ts';
import { PackedFile, type RandomAccessFile } from './packedFile.ts';

/** The most bytes that a directory is read at once: some two million entries. */
const MOST_DIRECTORY_BYTES = 2 ** 28;
/** Entries between turns of the host. */
const TURN = 1000;
/** Bytes of an entry before its name. */
const HEADER = 30;

/**
 * Lists the files in a zip archive without unpacking it; each is read and checked (CRC-32, size) when it is asked for.
 *
 * @throws {DatasetError} when the archive is damaged, has encrypted entries or such that lie over each other, when the encoding
 *   of its names is not known, or it is no zip archive
 * @throws the signal's reason when it aborts
 */
export async function zipSources(archive: RandomAccessFile, options: SourceOptions = {}): Promise<ByteSource[]> {
  const { nameEncoding, maxUnpackedBytes, signal } = options;
  const spans: Span[] = [];
  const files: PackedFile[] = [];
  const reader = new ZipReader(new RandomAccessReader(archive), {
    ...(nameEncoding && { filenameEncoding: nameEncoding }),
  });
  try {
    const decodeText = decoderFor(archive, nameEncoding);
    for await (const entry of reader.getEntriesGenerator({ decodeText })) {
      if (spans.length % TURN === 0) await abortable(nextTask(), signal);
      const start = entry.offset;
      const span = { start, end: start + HEADER + entry.rawFilename.length + entry.compressedSize };
      spans.push(span);
      const name = nameOf(archive, entry);
      if (entry.directory || entry.symlink || isLeftover(name)) continue;
      checkName(archive, entry, nameEncoding);
      if (entry.encrypted) throw fault(name, 'the archive must not be encrypted', name);
      files.push(new PackedFile(archive, name, span, entry, maxUnpackedBytes));
    }
  } catch (error) {
    if (error instanceof DatasetError || (signal?.aborted && error === signal.reason)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fault(archive.name, `it must be an intact zip archive (${reason})`, archive.name, error);
  }
  checkOverlap(archive, spans, reader.directoryOffset ?? 0);
  return files;
}

/** Where an entry lies in the archive. */
interface Span {
  /** Where its header begins. */
  readonly start: number;
  /** Where it ends at the earliest: its header may hold more than is known without reading it. */
  end: number;
}

/** Entries over each other: no program makes them but such as make a small archive unpack to a large one. */
function checkOverlap(archive: RandomAccessFile, spans: readonly Span[], directory: number): void {
  const inOrder = [...spans].sort((a, b) => a.start - b.start);
  for (const [i, span] of inOrder.entries()) {
    const next = inOrder[i + 1]?.start ?? directory;
    if (span.end > next)
      throw fault(archive.name, 'the entries of an archive must not lie over each other', archive.name);
    span.end = next; // At the latest: reading looks whether what it reads lies before.
  }
}

/** Some Windows programs write `\` between folders. */
function nameOf(archive: RandomAccessFile, entry: Entry): string {
  return `${archive.name}/${entry.filename.replaceAll('\\', '/')}`.normalize();
}

/** What zip.js decodes names with. By itself it would put `\ufffd` where bytes are no text. */
function decoderFor(archive: RandomAccessFile, nameEncoding: string | undefined) {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const other = nameEncoding === undefined || nameEncoding === 'cp437' ? undefined : nameEncoding;
  const given = other === undefined ? undefined : new TextDecoder(other, { fatal: true });
  return (bytes: Uint8Array, encoding: string, type: string): string | undefined => {
    if (type !== 'filename') return '';
    const decoder = encoding === 'utf-8' ? utf8 : given;
    try {
      return decoder?.decode(bytes); // undefined: code page 437, which zip.js itself knows
    } catch (cause) {
      const got = new TextDecoder(encoding).decode(bytes);
      throw fault(archive.name, `the names in it must be ${encoding}, got '${got}'`, archive.name, cause);
    }
  };
}

/**
 * Holds that the encoding of a name is known: it is ASCII, the entry says that it is UTF-8 (by a flag, or in an extra field), it can be
 * read as UTF-8, or the caller states it. What Windows writes does not state it.
 */
function checkName(archive: RandomAccessFile, entry: Entry, nameEncoding: string | undefined): void {
  if (nameEncoding || entry.filenameUTF8 || entry.rawFilename.every((byte) => byte < 0x80)) return;
  throw fault(
    archive.name,
    `the names in it must be UTF-8, or nameEncoding must name their encoding (such as 'cp437', 'windows-1252', 'shift_jis', ` +
      `'gbk', 'ibm866': the code page of the Windows that made it), got one that as cp437 would be '${entry.filename}'`,
    archive.name,
  );
}

function fault(name: string, rule: string, file: string, cause?: unknown): DatasetError {
  return new DatasetError(`Cannot read '${name}': ${rule}`, { cause, file });
}

class RandomAccessReader extends Reader<RandomAccessFile> {
  readonly #file: RandomAccessFile;

  constructor(file: RandomAccessFile) {
    super(file);
    this.#file = file;
  }

  override async init(): Promise<void> {
    await super.init?.();
    this.size = await this.#file.size();
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    if (length > MOST_DIRECTORY_BYTES) {
      throw new Error(`its directory must have at most ${MOST_DIRECTORY_BYTES} bytes, got ${length}`);
    }
    return this.#file.read(offset, length);
  }
}
