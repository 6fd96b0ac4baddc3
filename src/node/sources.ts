// path of a folder, file or zip archive → sources of bytes

import { lstat, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abortable } from '../core/abortable.ts';
import { shown } from '../core/check.ts';
import { DatasetError } from '../core/errors.ts';
import { type ByteSource, isLeftover, type SourceOptions, unreadable } from '../dataset/byteSource.ts';
import type { RandomAccessFile } from '../dataset/packedFile.ts';
import { checkSourceOptions, isZip, toSources } from '../dataset/source.ts';

/** A path, a `file:` URL, or several of them. */
export type PathInput = string | URL | readonly (string | URL)[];

/**
 * Lists the files in a folder (with all folders in it), in a zip archive, or in several of either; archives inside folders
 * are listed too. Archives are read in place. A file is opened for each read and closed after it.
 *
 * Names start with the last part of the path that was given (`recordings/happy/clip.wav`), are in composed Unicode (NFC) and
 * come sorted. Links are followed, each folder is visited once; a broken link is listed and fails when it is read. What is no file (a
 * pipe, a device) and what operating systems leave behind (`.DS_Store`, `__MACOSX`, names that start with a dot) is left out.
 *
 * @param path what to list
 * @param options how archives are read, and a signal that stops the listing
 * @throws {DatasetError} when a path does not exist or cannot be read, a folder has no files, or an archive is damaged,
 *   encrypted, none, or has names in an encoding that is not known; names the path
 * @throws {RangeError | TypeError} when no path is given, something else is, or an option is wrong
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * const sources = await openSources(['Audio_Speech_Actors_01-24.zip', 'Audio_Song_Actors_01-24.zip']);
 * ```
 */
export async function openSources(path: PathInput, options: SourceOptions = {}): Promise<ByteSource[]> {
  const { signal } = checkSourceOptions(options);
  signal?.throwIfAborted();
  const listing = { options, visited: new Set<string>(), found: [] as ByteSource[] };
  const paths = [path].flat().map(toPath);
  if (paths.length === 0) throw new RangeError('Cannot open sources: there must be one path or more, got none');
  const bases = paths.map((one) => basename(resolve(one)));
  const times = new Map<string, number>();
  for (const base of bases) times.set(base, (times.get(base) ?? 0) + 1);
  for (const [i, one] of paths.entries()) {
    // Two folders of the same name are distinguished by their whole paths.
    const base = times.get(bases[i]!) === 1 ? bases[i]! : one;
    const before = listing.found.length;
    listing.visited.clear();
    await abortable(list(one, base, listing), signal);
    if (listing.found.length === before) {
      throw new DatasetError(`Cannot open '${one}': there must be a file in it, got none`, { file: one });
    }
  }
  return toSources(listing.found);
}

function toPath(path: unknown): string {
  if (typeof path === 'string') return path;
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  throw new TypeError(`Cannot open sources: a path must be a string or a file: URL, got ${shown(path)}`);
}

interface Listing {
  readonly options: SourceOptions;
  /** The folders seen so far, by their real paths, so that links cannot lead in circles. */
  readonly visited: Set<string>;
  /** Collects what is found; a returned list would have to be copied at every level of folders. */
  readonly found: ByteSource[];
}

async function list(path: string, name: string, listing: Listing): Promise<void> {
  const { options, visited, found } = listing;
  options.signal?.throwIfAborted();
  try {
    const entry = await stat(path);
    if (entry.isFile()) {
      if (!isZip(path)) found.push(fileSource(path, name));
      else for (const source of await listZip(path, name, options)) found.push(source);
    }
    if (!entry.isDirectory()) return;
    const real = await realpath(path);
    if (visited.has(real)) return;
    visited.add(real);
    for (const child of (await readdir(path)).sort()) {
      if (isLeftover(child)) continue;
      const childPath = join(path, child);
      const childName = `${name}/${child}`;
      if (await leadsNowhere(childPath)) found.push(fileSource(childPath, childName));
      else await list(childPath, childName, listing);
    }
  } catch (error) {
    if (error instanceof DatasetError || options.signal?.aborted) throw error;
    throw unreadable(path, error);
  }
}

async function leadsNowhere(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSymbolicLink()) return false;
  return stat(path).then(
    () => false,
    () => true,
  );
}

function fileSource(path: string, name: string): ByteSource {
  return {
    name,
    async bytes() {
      try {
        const { buffer, byteOffset, byteLength } = await readFile(path);
        // Not the Buffer itself: its `slice` shares memory where that of a Uint8Array copies.
        return new Uint8Array(buffer, byteOffset, byteLength);
      } catch (error) {
        throw unreadable(path, error);
      }
    },
  };
}

async function listZip(path: string, name: string, options: SourceOptions): Promise<ByteSource[]> {
  const { zipSources } = await import('../dataset/zip.ts');
  const file: RandomAccessFile = {
    name,
    size: async () => (await stat(path)).size,
    async read(offset, length) {
      const handle = await open(path);
      try {
        // A damaged archive may ask for gigabytes that are not there.
        const available = Math.max(0, Math.min(length, (await handle.stat()).size - offset));
        const { buffer, bytesRead } = await handle.read(new Uint8Array(available), 0, available, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
  return zipSources(file, options);
}
