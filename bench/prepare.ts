// clips of RAVDESS → their features and those of four speed copies, on two threads, beside an earlier build of this library

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { compare } from './measure.ts';
import { originalActor, ravdessArchive } from './ravdess.ts';
import type { Outcome } from './result.ts';

/** Of the 24: the earlier build takes minutes for them all. */
const ACTORS = 4;

const root = fileURLToPath(new URL('..', import.meta.url));
const child = fileURLToPath(new URL('children/prepare.mjs', import.meta.url));

export async function prepare(): Promise<Outcome> {
  const before = process.env.BEFORE;
  const missing = [
    ...([ravdessArchive, originalActor].every(existsSync)
      ? []
      : ['the speech archive of RAVDESS or an actor of it as published is not here; set RAVDESS to its folder']),
    ...(before ? [] : ['BEFORE must be the folder of an earlier version with its dist/ built']),
  ];
  if (missing.length > 0) return { cases: [], missing };
  const published = await asPublished();
  const run = (folder: string, data: string) => () =>
    JSON.parse(execFileSync(process.execPath, [child, folder, data, `${ACTORS}`], { encoding: 'utf8' })).ms as number;
  const pair = (what: string, data: string) =>
    compare({
      ...{ case: `features of ${60 * ACTORS} clips with four speed copies, two threads; ${what}`, backend: 'none' },
      ...{ against: 'the version before the resampler of its own', floor: 4, aim: 8, rounds: 2, warmUps: 0 },
      ours: run(root, data),
      theirs: run(before!, data),
    });
  try {
    return {
      cases: [
        await pair('48 kHz, as RAVDESS is published', published),
        await pair('16 kHz, where speed copies alone are resampled', ravdessArchive),
      ],
    };
  } finally {
    await rm(published, { recursive: true });
  }
}

/** A folder with the clips of one actor as published, under the names of several: only one is here. */
async function asPublished(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'published-'));
  const reader = new ZipReader(new Uint8ArrayReader(await readFile(originalActor)));
  for await (const entry of reader.getEntriesGenerator()) {
    const name = /[^/]*-01\.wav$/.exec(entry.filename)?.[0];
    if (!name || entry.directory) continue;
    const bytes = await entry.getData(new Uint8ArrayWriter());
    for (let actor = 1; actor <= ACTORS; actor++) {
      await writeFile(join(folder, name.replace('-01.wav', `-0${actor}.wav`)), bytes);
    }
  }
  await reader.close();
  return folder;
}
