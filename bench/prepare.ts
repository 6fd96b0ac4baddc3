// clips of RAVDESS → their features and those of four speed copies, on two threads, beside an earlier build of this library

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compare } from './measure.ts';
import { ravdessArchive } from './ravdess.ts';
import type { Outcome } from './result.ts';

/** Of the 24: the earlier build takes minutes for them all. */
const ACTORS = 4;

const root = fileURLToPath(new URL('..', import.meta.url));
const child = fileURLToPath(new URL('children/prepare.mjs', import.meta.url));

export async function prepare(): Promise<Outcome> {
  const before = process.env.BEFORE;
  const missing = [
    ...(existsSync(ravdessArchive) ? [] : ['the speech archive of RAVDESS is not here; set RAVDESS to its folder']),
    ...(before ? [] : ['BEFORE must be the folder of an earlier version with its dist/ built']),
  ];
  if (missing.length > 0) return { cases: [], missing };
  const run = (folder: string) => () =>
    JSON.parse(execFileSync(process.execPath, [child, folder, ravdessArchive, `${ACTORS}`], { encoding: 'utf8' }))
      .ms as number;
  return {
    cases: [
      await compare({
        ...{ case: `features of ${60 * ACTORS} clips with four speed copies, two threads`, backend: 'none' },
        ...{ against: 'the version before the resampler of its own', floor: 4, aim: 8, rounds: 2, warmUps: 0 },
        ours: run(root),
        theirs: run(before!),
      }),
    ],
  };
}
