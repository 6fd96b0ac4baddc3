// path of a folder, file or zip archive → sources of bytes

import { lstat, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatasetError } from '../core/errors.ts';
import { type ByteSource, isLeftover, isZip, unreadable } from '../dataset/source.ts';
import type { RandomAccessFile } from '../dataset/zip.ts';

/** A path, a `file:` URL, or several of them. */
export type PathInput = string | URL | readonly (string | URL)[];

/**
 * Lists the files in a folder (with all folders in it), in a zip archive, or in several of either; archives inside folders
 * are listed too. Archives are read in place. Nothing is held open: a file is opened for each read and closed after it.
 *
 * Names start with the last part of the path that was given (`recordings/happy/clip.wav`) and come sorted.
 * Links are followed, each folder is visited once; a link that leads nowhere is listed and fails when it is read. What is
 * no file (a pipe, a device) and what operating systems leave behind (`.DS_Store`, `__MACOSX`, names that start with a
 * dot) is left out.
 *
 * @param path what to list
 * @throws {DatasetError} when a path does not exist or cannot be read, a folder has no files, or an archive is damaged,
 *   encrypted or none; names the path
 * @throws {RangeError} when no path is given
 * @example
 * ```ts
 * const sources = await openSources(['Audio_Speech_Actors_01-24.zip', 'Audio_Song_Actors_01-24.zip']);
 * ```
 */
export async function openSources(path: PathInput): Promise<ByteSource[]> {
  const paths = [path].flat().map((one) => (one instanceof URL ? fileURLToPath(one) : String(one)));
  if (paths.length === 0) throw new RangeError('Cannot open sources: there must be one path or more, got none');
  const bases = paths.map((one) => basename(resolve(one)));
  const sources: ByteSource[] = [];
  for (const [i, one] of paths.entries()) {
    // Two folders of the same name are told apart by their whole paths.
    const base = bases.indexOf(bases[i]!) === bases.lastIndexOf(bases[i]!) ? bases[i]! : one;
    const found = await list(one, base, new Set());
    if (found.length === 0) {
      throw new DatasetError(`Cannot open '${one}': there must be a file in it, got none`, { file: one });
    }
    sources.push(...found);
  }
  return sources;
}

/** @param visited the folders seen so far, by their real paths, so that links cannot lead in circles */
async function list(path: string, name: string, visited: Set<string>): Promise<ByteSource[]> {
  try {
    const found = await stat(path);
    if (found.isFile()) return isZip(path) ? await listZip(path, name) : [fileSource(path, name)];
    if (!found.isDirectory()) return [];
    const real = await realpath(path);
    if (visited.has(real)) return [];
    visited.add(real);
    const sources: ByteSource[] = [];
    for (const child of (await readdir(path)).sort()) {
      if (isLeftover(child)) continue;
      const childPath = join(path, child);
      const childName = `${name}/${child}`;
      if (await leadsNowhere(childPath)) sources.push(fileSource(childPath, childName));
      else sources.push(...(await list(childPath, childName, visited)));
    }
    return sources;
  } catch (error) {
    throw error instanceof DatasetError ? error : unreadable(path, error);
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

async function listZip(path: string, name: string): Promise<ByteSource[]> {
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
  return zipSources(file);
}
