// RAVDESS as an archive → how fast it is scored, and what faults leave behind: npm run scale -- --data ZIP_OR_FOLDER

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { readResult } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { disturbScore, killWorkers, scoreUndisturbed } from './faults.ts';
import { measureServe } from './liveStreams.ts';
import { type ArchiveSize, type WrittenArchive, writeRecordings } from './longRecordings.ts';
import { measureQueue } from './manyJobs.ts';
import { measureMp3, measureRates } from './rates.ts';
import type { ScaleFile } from './scaleFile.ts';

const USAGE = `
npm run scale -- --data ZIP_OR_FOLDER [options]

  --data PATH       archive or folder of RAVDESS speech
  --only LIST       of rates, mp3, serve, faults, queue (default: all); faults and queue also as faults/redis, faults/postgres, faults/embedded,
                    queue/redis, queue/postgres
  --fresh           measures again what is in the file (default: goes on with what is missing)
  --minutes N       of a recording (default: 40)
  --recordings N    of an archive (default: 4 of WAV, 1 of MP3, and 2 for faults, beside a broken one)
  --kills N         workers that are killed on each queue (default: 20)
  --jobs N          of synthetic recordings (default: 1000000)
  --seed N          of the moments of kills (default: 1)
  --out FILE        default: docs/results/scale.json; each part is written when it is done
`;

/** All parts, in the order that they are measured in. */
const PARTS = [
  ...(['rates', 'mp3', 'serve', 'faults/redis', 'faults/postgres', 'faults/embedded'] as const),
  ...(['queue/redis', 'queue/postgres'] as const),
];
const MP3 = { sampleRate: 44_100, kilobits: 128 };

type PartName = (typeof PARTS)[number];

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string' },
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '40' },
    recordings: { type: 'string' },
    kills: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'docs/results/scale.json' },
  });
  const { data, out, fresh } = options;
  const number = (name: 'minutes' | 'recordings' | 'kills' | 'jobs' | 'seed') => wholeNumber(name, options[name]!);
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  const written = new Map<string, WrittenArchive>();
  const archive = async (name: string, how: Omit<ArchiveSize, 'minutes'>): Promise<WrittenArchive> => {
    if (data === undefined) throw new UsageError('Cannot make an archive: --data must be given');
    const recordings = options.recordings === undefined ? how.recordings : number('recordings');
    const size = { ...how, minutes: number('minutes'), recordings };
    const made = written.get(name) ?? (await writeRecordings(data, join(folder, name), size));
    written.set(name, made);
    return made;
  };
  let undisturbed: Awaited<ReturnType<typeof scoreUndisturbed>> | undefined;
  const disturbed = async () => {
    const { folder: broken } = await archive('with broken ones', { recordings: 2, broken: true });
    undisturbed ??= await scoreUndisturbed(broken, folder);
    return { archive: broken, folder, undisturbed, kills: number('kills'), seed: number('seed') };
  };
  const measure: Readonly<Record<PartName, () => Promise<object>>> = {
    rates: async () => measureRates(await archive('wav', { recordings: 4 }), folder),
    mp3: async () => measureMp3(await archive('mp3', { recordings: 1, mp3: MP3 }), folder, MP3),
    serve: measureServe,
    'faults/redis': async () => killWorkers('redis', await disturbed()),
    'faults/postgres': async () => killWorkers('postgres', await disturbed()),
    'faults/embedded': async () => disturbScore(await disturbed()),
    'queue/redis': () => measureQueue('redis', number('jobs')),
    'queue/postgres': () => measureQueue('postgres', number('jobs')),
  };
  try {
    for (const part of chosen(options.only)) {
      const before: ScaleFile = readResult<ScaleFile>(out) ?? {};
      const [kind, place] = part.split('/') as [keyof ScaleFile, string?];
      const known = before[kind] as Record<string, object> | undefined;
      if (!fresh && (place ? known?.[place] : known)) continue;
      const measured = {
        ...(await measure[part]()),
        ...{ commit: revision(), date: new Date().toISOString(), machine: machine() },
      };
      console.log(part, measured);
      const now: ScaleFile = readResult<ScaleFile>(out) ?? {};
      const entry = place ? { ...(now[kind] as object | undefined), [place]: measured } : measured;
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, `${JSON.stringify({ ...now, [kind]: entry }, undefined, 2)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function chosen(only: string | undefined): readonly PartName[] {
  if (only === undefined) return PARTS;
  const names = only.split(',');
  const known = (name: string) => PARTS.filter((part) => part === name || part.startsWith(`${name}/`));
  const wrong = names.find((name) => known(name).length === 0);
  if (wrong !== undefined) {
    throw new UsageError(`Cannot measure: --only must be of rates, mp3, serve, faults, queue, got '${wrong}'`);
  }
  return PARTS.filter((part) => names.some((name) => known(name).includes(part)));
}

function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'CPU'}`;
}
