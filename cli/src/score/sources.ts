// files, folders, addresses, a list → recordings, one after the other

import { createHash } from 'node:crypto';
import { opendir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { isSound } from '../recordings/isSound.ts';
import { type Ledger, PAGE } from './ledger.ts';

/** A part of all recordings, by their names: the first of three is `{ index: 1, of: 3 }`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** @throws {Error} when a shard is none */
export function toShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new Error(`Cannot score: shard must be such as 1/3, got ${text}`);
}

/**
 * Finds recordings.
 *
 * @param given paths and addresses; `-` for a list on standard input, one a line
 * @returns absolute paths and addresses, folders in the order of their names
 */
export async function* sourcesOf(
  given: readonly string[],
  input: NodeJS.ReadableStream,
  shard: Shard | undefined,
): AsyncGenerator<string, void, undefined> {
  for await (const source of allOf(given, input)) if (!shard || isIn(shard, source)) yield source;
}

async function* allOf(given: readonly string[], input: NodeJS.ReadableStream): AsyncGenerator<string, void, undefined> {
  for (const one of given) {
    if (one === '-') {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line.trim() !== '') yield* found(line.trim());
      }
    } else yield* found(one);
  }
}

async function* found(one: string): AsyncGenerator<string, void, undefined> {
  if (/^https?:\/\//.test(one)) return yield one;
  const path = resolve(one);
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false, // a file that is missing fails by itself
  );
  if (isFolder) yield* inFolder(path);
  else yield path;
}

async function* inFolder(folder: string): AsyncGenerator<string, void, undefined> {
  const names: { readonly name: string; readonly isFolder: boolean }[] = [];
  for await (const entry of await opendir(folder)) names.push({ name: entry.name, isFolder: entry.isDirectory() });
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, isFolder } of names) {
    if (name.startsWith('.')) continue; // hidden, as the ._ files of macOS
    if (isFolder) yield* inFolder(join(folder, name));
    else if (isSound(name)) yield join(folder, name);
  }
}

function isIn({ index, of }: Shard, source: string): boolean {
  return createHash('sha256').update(source).digest().readUInt32BE(0) % of === index - 1;
}

/** Takes recordings into a ledger, a page at a time; those that are neither done nor failed come out. */
export async function* submitted(
  ledger: Ledger,
  run: string,
  sources: AsyncIterable<string>,
): AsyncGenerator<string[], void, undefined> {
  let page: string[] = [];
  for await (const source of sources) {
    page.push(source);
    if (page.length < PAGE) continue;
    yield await ledger.submit(run, page);
    page = [];
  }
  yield await ledger.submit(run, page);
}

/** What a ledger has that is neither done nor failed, a page at a time. */
export async function* left(ledger: Ledger, run: string): AsyncGenerator<string[], void, undefined> {
  for (let after = ''; ; ) {
    const page = await ledger.unfinished(run, after);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!;
  }
}
