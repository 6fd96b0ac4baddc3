// files, folders, patterns, `-` → recordings, one after the other
//
// None are held: a folder may have a hundred thousand of them. So they come in the order in which the system gives them.

import type { Dirent, Stats } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import picomatch from 'picomatch';
import type { FoundRecording, NotFound } from './found.ts';
import { isSound } from './isSound.ts';

/** Finds recordings. What is not there, or holds none, is told in its place. */
export async function* findRecordings(
  inputs: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<FoundRecording | NotFound, void, undefined> {
  for (const input of inputs) {
    let isEmpty = true;
    for await (const found of findIn(input)) {
      signal.throwIfAborted();
      isEmpty = false;
      yield found;
    }
    if (isEmpty) yield { name: input, error: new Error(`Cannot find a recording: there is none in ${input}`) };
  }
}

/** How many {@link findRecordings} will give. */
export async function countRecordings(inputs: readonly string[], signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const _ of findRecordings(inputs, signal)) count++;
  return count;
}

async function* findIn(input: string): AsyncGenerator<FoundRecording | NotFound, void, undefined> {
  if (input === '-') return yield { name: '-', path: undefined, place: 'standard-input' };
  const stats = await statOf(input);
  if (stats instanceof Error) {
    // A name with brackets may be just that; only what is not there is a pattern.
    const { isGlob, base, glob } = picomatch.scan(withSlashes(input));
    if (!isGlob) return yield { name: input, error: stats };
    const matches = picomatch(glob);
    const depth = /\*\*|[{(]/.test(glob) ? Number.POSITIVE_INFINITY : glob.split('/').length - 1;
    return yield* walk(base, '', depth, matches);
  }
  if (stats.isDirectory()) return yield* walk(input, '', Number.POSITIVE_INFINITY, isSound);
  yield { name: input, path: input, place: basename(input) };
}

/** Files below a folder; those whose names begin with a dot are left out, as are folders that links lead to, which may be circles. */
async function* walk(
  top: string,
  within: string,
  depth: number,
  isWanted: (place: string) => boolean,
): AsyncGenerator<FoundRecording | NotFound, void, undefined> {
  const folder = join(top || '.', within);
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.name.startsWith('.')) continue;
      const place = within === '' ? entry.name : `${within}/${entry.name}`;
      if (entry.isDirectory() && depth > 0) yield* walk(top, place, depth - 1, isWanted);
      else if (isWanted(place) && (await isFile(folder, entry))) {
        const path = join(top, place);
        yield { name: path, path, place };
      }
    }
  } catch (error) {
    yield { name: folder, error: error as Error };
  }
}

async function isFile(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const stats = await statOf(join(folder, entry.name));
  return stats instanceof Error || stats.isFile(); // a broken link is told of when it is opened
}

async function statOf(path: string): Promise<Stats | Error> {
  return stat(path).catch((error: Error) => error);
}

const withSlashes = (path: string) => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
