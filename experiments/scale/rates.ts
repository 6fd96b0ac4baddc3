// an archive → how many hours of it are scored in an hour

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openSound } from 'speech-emotion/node';
import { openClassifier } from '../../cli/src/openClassifier.ts';
import { run } from '../../cli/test/score/program.ts';
import type { WrittenArchive } from './longRecordings.ts';
import type { Mp3Part, RatesPart } from './scaleFile.ts';

type Figures<Part> = Omit<Part, 'commit' | 'date' | 'machine'>;

/** Of `timeline` in a loop, of one thread, and of two. */
export async function measureRates(archive: WrittenArchive, folder: string): Promise<Figures<RatesPart>> {
  const { seconds } = archive;
  const { clock } = await loop(archive);
  const [one, two] = [await scored(archive, folder, 1), await scored(archive, folder, 2)];
  return { hours: seconds / 3600, loop: seconds / clock, one: seconds / one, two: seconds / two };
}

/** Of MP3 files, which are decoded in the same thread. */
export async function measureMp3(
  archive: WrittenArchive,
  folder: string,
  coding: Pick<Mp3Part, 'sampleRate' | 'kilobits'>,
): Promise<Figures<Mp3Part>> {
  const { seconds } = archive;
  const { clock, computed } = await loop(archive);
  const one = await scored(archive, folder, 1);
  const rates = { loop: seconds / clock, loopByCore: seconds / computed, one: seconds / one };
  return { hours: seconds / 3600, ...coding, ...rates };
}

/** Seconds of `timeline` in a loop, by the clock and computed. */
async function loop({ folder }: WrittenArchive): Promise<{ readonly clock: number; readonly computed: number }> {
  const classifier = await openClassifier(undefined);
  const [before, cpu] = [performance.now(), process.cpuUsage()];
  for (const name of readdirSync(folder).sort()) await classifier.timeline(await openSound(join(folder, name)));
  const { user, system } = process.cpuUsage(cpu);
  const clock = (performance.now() - before) / 1000;
  classifier.dispose();
  return { clock, computed: (user + system) / 1e6 };
}

/** Seconds of `score`. */
async function scored({ folder: archive }: WrittenArchive, folder: string, threads: number): Promise<number> {
  const ledger = join(folder, `${basename(archive)} ${threads}.ledger`);
  const before = performance.now();
  const { code, said } = await run('score', archive, '--ledger', ledger, '--threads', `${threads}`);
  if (code !== 0) throw new Error(`Cannot measure: score must end well, got ${code}: ${said}`);
  return (performance.now() - before) / 1000;
}
