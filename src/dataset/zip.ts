// zip archive → its files, read in place
//
// Loaded on demand: zip.js is needed only by those who open archives.

import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core.js';
import { DatasetError } from '../core/errors.ts';
import { type ByteSource, isLeftover, unreadable } from './source.ts';

/** A file of which parts can be read. It holds nothing open between reads, so that nothing has to be closed. */
export interface RandomAccessFile {
  /** What sources and errors call the file. */
  readonly name: string;
  /** Length in bytes. */
  size(): Promise<number>;
  /** Reads `length` bytes from `offset` on, fewer where the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * Lists the files in a zip archive without unpacking it; each is read and checked (CRC-32) when it is asked for.
 *
 * @throws {DatasetError} when the archive is damaged, has encrypted entries, or is no zip archive
 */
export async function zipSources(archive: RandomAccessFile): Promise<ByteSource[]> {
  const entries = await listEntries(archive);
  const encrypted = entries.find((entry) => entry.encrypted);
  if (encrypted) {
    const file = entryName(archive, encrypted);
    throw new DatasetError(`Cannot read '${file}': the archive must not be encrypted`, { file });
  }
  return entries.map((entry) => {
    const name = entryName(archive, entry);
    return { name, bytes: () => readEntry(entry, name) };
  });
}

async function listEntries(archive: RandomAccessFile): Promise<FileEntry[]> {
  // No workers: they would keep a Node process alive, and clips are small.
  const reader = new ZipReader(new RandomAccessReader(archive), { useWebWorkers: false });
  try {
    const entries = await reader.getEntries();
    return entries.filter(
      (entry): entry is FileEntry => !entry.directory && !entry.symlink && !isLeftover(entryName(archive, entry)),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatasetError(`Cannot read '${archive.name}': it must be an intact zip archive (${reason})`, {
      cause: error,
      file: archive.name,
    });
  }
}

async function readEntry(entry: FileEntry, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await entry.arrayBuffer({ checkCrc32: true, useWebWorkers: false }));
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** Some Windows programs write `\` between folders. */
function entryName(archive: RandomAccessFile, entry: { readonly filename: string }): string {
  return `${archive.name}/${entry.filename.replaceAll('\\', '/')}`;
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
    return this.#file.read(offset, length);
  }
}
