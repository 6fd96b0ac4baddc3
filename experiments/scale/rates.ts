// an archive → how many hours of it are scored in an hour

import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MAIN } from '../../cli/test/score/program.ts';
import type { WrittenArchive } from './longRecordings.ts';
import type { Mp3Part, RatesPart } from './scaleFile.ts';
import type { LoopRates } from './timelineLoop.ts';

type Figures<Part> = Omit<Part, 'commit' | 'date' | 'machine'>;

/** Of `timeline` in one process, and in two at once; of `score` with one thread, and with two. */
export async function measureRates(archive: WrittenArchive, folder: string): Promise<Figures<RatesPart>> {
  const { seconds } = archive;
  const [loop] = await loops(archive, 1);
  const both = await loops(archive, 2);
  const [one, two] = [await scored(archive, folder, 1), await scored(archive, folder, 2)];
  return {
    ...{ hours: seconds / 3600, loop: loop!.byClock, loopByCore: loop!.byCore },
    twoLoops: 2 * Math.min(...both.map(({ byClock }) => byClock)),
    ...{ one: seconds / one.clock, two: seconds / two.clock, byCore: seconds / one.computed },
  };
}

/** Of MP3 files, which are decoded in the same thread. */
export async function measureMp3(
  archive: WrittenArchive,
  folder: string,
  coding: Pick<Mp3Part, 'sampleRate' | 'kilobits'>,
): Promise<Figures<Mp3Part>> {
  const { seconds } = archive;
  const [loop] = await loops(archive, 1);
  const one = await scored(archive, folder, 1);
  const rates = {
    loop: loop!.byClock,
    loopByCore: loop!.byCore,
    one: seconds / one.clock,
    byCore: seconds / one.computed,
  };
  return { hours: seconds / 3600, ...coding, ...rates };
}

/** Of processes that begin at once, their models loaded, and hear the first recording. */
async function loops({ folder }: WrittenArchive, count: number): Promise<LoopRates[]> {
  const entry = fileURLToPath(new URL('timelineLoop.ts', import.meta.url));
  const files = [join(folder, readdirSync(folder).sort()[0]!)];
  const children = Array.from({ length: count }, () => fork(entry));
  await Promise.all(children.map((child) => once(child, 'message')));
  return Promise.all(
    children.map(async (child) => {
      child.send(files);
      return ((await once(child, 'message')) as [LoopRates])[0];
    }),
  );
}

/** Seconds of `score`, by the clock and computed by all of its threads, from its start to its end. */
async function scored(
  { folder: archive }: WrittenArchive,
  folder: string,
  threads: number,
): Promise<{ readonly clock: number; readonly computed: number }> {
  const ledger = join(folder, `${basename(archive)} ${threads}.ledger`);
  const words = ['score', archive, '--ledger', ledger, '--threads', `${threads}`];
  const before = performance.now();
  // The shell says what its children computed, in a second line such as `0m5.120s 0m0.230s`.
  const { stdout } = await promisify(execFile)('sh', ['-c', '"$@" && times', 'sh', process.execPath, MAIN, ...words]);
  const clock = (performance.now() - before) / 1000;
  const times = [
    ...stdout
      .trim()
      .split('\n')
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  return {
    clock,
    computed: times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0),
  };
}
