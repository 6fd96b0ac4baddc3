// training runs on all of RAVDESS, each in a process of its own → the time of an epoch, and the memory that is held

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { caseOf, spreadOf } from './measure.ts';
import type { Outcome } from './result.ts';

/** What bench/children/training.ts says after each epoch. */
export interface EpochLine {
  readonly seconds: number;
  /** Resident memory now, in 10⁶ bytes. */
  readonly megabytes: number;
  /** The most it has been. */
  readonly peak: number;
}

const folder = process.env.RAVDESS ?? fileURLToPath(new URL('../../shared/ravdess', import.meta.url));
/** Its speech, wherever it is. */
export const ravdessArchive = `${folder}/Audio_Speech_Actors_01-24.zip`;
/** The clips of an actor as they are published, at 48 kHz. */
export const originalActor = `${folder}/original/Actor_01.zip`;
const missing = existsSync(ravdessArchive)
  ? []
  : ['all cases: the speech archive of RAVDESS is not here; set RAVDESS to its folder'];

/** The first epoch is left out: compilers and allocators get what they need. */
export async function epoch(): Promise<Outcome> {
  if (missing.length > 0) return { cases: [], missing };
  const lines = await trainOn(ravdessArchive, 4);
  const seconds = lines.slice(1).map((line) => line.seconds);
  const about = { case: 'an epoch over the 1440 speech clips of RAVDESS', backend: 'wasm' };
  return { cases: [caseOf({ ...about, against: '15 seconds', aim: 1 }, spreadOf(seconds, 's'), spreadOf([15], 's'))] };
}

/** Growth would show between the second epoch, when all that is kept is there, and the last. */
export async function memory(): Promise<Outcome> {
  if (missing.length > 0) return { cases: [], missing };
  const lines = await trainOn(ravdessArchive, 8);
  const [second, last] = [lines[1]!, lines.at(-1)!];
  const about = { backend: 'wasm' };
  const held = lines.map(({ megabytes }) => megabytes);
  return {
    cases: [
      caseOf(
        { ...about, case: 'most resident memory of a training run', against: 'one gigabyte', aim: 1 },
        spreadOf([last.peak], 'MB'),
        spreadOf([1000], 'MB'),
      ),
      caseOf(
        {
          ...about,
          case: 'resident memory after the last epoch',
          against: 'that after the second',
          aim: 0.95,
          note: `after each epoch: ${held.map((each) => each.toFixed(0)).join(', ')} MB`,
        },
        spreadOf([last.megabytes], 'MB'),
        spreadOf([second.megabytes], 'MB'),
      ),
    ],
  };
}

async function trainOn(path: string, epochs: number): Promise<EpochLine[]> {
  const child = fileURLToPath(new URL('children/training.ts', import.meta.url));
  const run = async (count: number) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, child, path, String(count)]);
    return stdout.split('\n').filter((line) => line.startsWith('{'));
  };
  await run(0); // makes the features, where no cache holds them yet
  return (await run(epochs)).map((line) => JSON.parse(line));
}
