// RAVDESS as an archive → how fast it is scored, and what faults leave behind: npm run scale -- --data ZIP_OR_FOLDER

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RandomStream } from 'speech-emotion/layers';
import { openSound } from 'speech-emotion/node';
import { openClassifier } from '../../cli/src/openClassifier.ts';
import { enqueue, openQueue, workUntil } from '../../cli/src/score/bullQueue.ts';
import type { Workplace } from '../../cli/src/score/jobs.ts';
import { PAGE } from '../../cli/src/score/ledger.ts';
import { run as runProgram, start } from '../../cli/test/score/program.ts';
import { startPostgres, startRedis } from '../../cli/test/score/servers.ts';
import { readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { readResult } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { writeRecordings } from './longRecordings.ts';

const USAGE = `
npm run scale -- --data ZIP_OR_FOLDER [options]

  --data PATH       archive or folder of RAVDESS speech
  --part NAME       rate, faults or jobs; may be given again (default: all of them)
  --minutes N       of a recording (default: 40)
  --recordings N    default: as many as there are clips for
  --kills N         workers that are killed (default: 20)
  --jobs N          of synthetic recordings (default: 1000000)
  --seed N          of the moments of kills (default: 1)
  --out FILE        default: docs/results/scale.json
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string' },
    part: { type: 'string', multiple: true, default: ['rate', 'faults', 'jobs'] },
    minutes: { type: 'string', default: '40' },
    recordings: { type: 'string', default: '100' },
    kills: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'docs/results/scale.json' },
  });
  const { part: parts, out, data } = options;
  const number = (name: 'minutes' | 'recordings' | 'kills' | 'jobs' | 'seed') => wholeNumber(name, options[name]);
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  try {
    const results: Record<string, unknown> = readResult<Record<string, unknown>>(out) ?? {};
    const keep = (name: string, result: object) => {
      results[name] = { ...result, commit: revision() };
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, `${JSON.stringify(results, undefined, 2)}\n`);
      console.log(name, result);
    };
    const write = (broken: boolean) => {
      if (data === undefined) throw new UsageError('Cannot make an archive: --data must be given');
      const archive = join(folder, broken ? 'with broken ones' : 'archive');
      const size = { minutes: number('minutes'), most: number('recordings'), broken };
      return writeRecordings(data, archive, size).then((seconds) => ({ archive, seconds }));
    };
    if (parts.includes('rate')) keep('rate', await rates(await write(false), folder));
    if (parts.includes('faults')) {
      const { archive } = await write(true);
      const wanted = await scored(archive, join(folder, 'plain.ledger'), ['--threads', '1']);
      for (const kind of ['redis', 'postgres'] as const) {
        keep(`faults on ${kind}`, await faults(kind, archive, folder, wanted, number('kills'), number('seed')));
      }
    }
    if (parts.includes('jobs')) {
      for (const kind of ['redis', 'postgres'] as const) keep(`jobs on ${kind}`, await jobs(kind, number('jobs')));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Scores an archive to its end, and hashes its table. */
async function scored(archive: string, ledger: string, words: readonly string[]): Promise<string> {
  await runProgram('score', archive, '--ledger', ledger, ...words);
  return hashOf(ledger);
}

async function hashOf(ledger: string): Promise<string> {
  const { out } = await runProgram('export', '--ledger', ledger, '--format', 'csv');
  return createHash('sha256').update(out).digest('hex');
}

/** Hours of sound an hour: of `timeline` in a loop, of one thread, and of two. */
async function rates({ archive, seconds }: { archive: string; seconds: number }, folder: string): Promise<object> {
  const timed = async (work: () => Promise<unknown>) => {
    const before = performance.now();
    await work();
    return seconds / ((performance.now() - before) / 1000);
  };
  const classifier = await openClassifier(undefined);
  const files = readdirSync(archive).map((name) => join(archive, name));
  const loop = await timed(async () => {
    for (const file of files) await classifier.timeline(await openSound(file));
  });
  classifier.dispose();
  const threads = async (many: number) => {
    const ledger = join(folder, `rate-${many}.ledger`);
    return timed(() => runProgram('score', archive, '--ledger', ledger, '--threads', `${many}`));
  };
  const [one, two] = [await threads(1), await threads(2)];
  return { hours: seconds / 3600, loop, one, two, oneByLoop: one / loop, twoByOne: two / one };
}

/** Kills workers at random moments, and starts the server again twice; the table has to be the same. */
async function faults(
  kind: 'redis' | 'postgres',
  archive: string,
  folder: string,
  wanted: string,
  kills: number,
  seed: number,
): Promise<object> {
  const server = await (kind === 'redis' ? startRedis() : startPostgres());
  try {
    const ledger = kind === 'redis' ? join(folder, 'redis.ledger') : server.url;
    const places = ['--queue', server.url, '--ledger', ledger];
    const random = new RandomStream(seed, kind);
    const scoring = start('score', archive, ...places);
    let killed = 0;
    let restarts = 0;
    while (scoring.process.exitCode === null) {
      const worker = start('worker', ...places, '--threads', '1', '--lock', '5');
      if (killed < kills) {
        await wait(3000 + 12_000 * random.next());
        worker.process.kill('SIGKILL');
        killed++;
        if (killed === Math.floor(kills / 3) || killed === Math.floor((2 * kills) / 3)) {
          await server.restart();
          restarts++;
        }
      } else {
        await scoring.ended;
        worker.process.kill('SIGTERM');
      }
      await worker.ended;
    }
    const status = JSON.parse((await runProgram('status', '--ledger', ledger, '--json')).out);
    return { killed, restarts, same: (await hashOf(ledger)) === wanted, recordings: status.recordings };
  } finally {
    await server.stop();
  }
}

/** Puts many recordings into the queue, of which there is no sound, while a worker takes them out: how many wait at most. */
async function jobs(kind: 'redis' | 'postgres', many: number): Promise<object> {
  const server = await (kind === 'redis' ? startRedis() : startPostgres());
  try {
    const queue = await openQueue(server.url, () => {});
    const over = new AbortController();
    let taken = 0;
    // Nothing is left to be done of any recording, so that only the queue works.
    const isUnfinished = async () => {
      if (++taken === many) over.abort();
      return false;
    };
    const place = { ledger: { isUnfinished } } as unknown as Workplace;
    const settings = { queue: server.url, concurrency: 50, lockSeconds: 30, placeOf: async () => place, onError() {} };
    const working = workUntil(settings, over.signal);
    let mostWaiting = 0;
    let mostMemory = 0;
    const pages = (async function* () {
      for (let at = 0; at < many; at += PAGE) {
        mostWaiting = Math.max(mostWaiting, await queue.getWaitingCount());
        mostMemory = Math.max(mostMemory, process.memoryUsage().rss);
        yield Array.from({ length: Math.min(PAGE, many - at) }, (_, i) => `/archive/recording-${at + i}.wav`);
      }
    })();
    await enqueue(queue, 'synthetic', pages, over.signal);
    await working;
    await queue.close();
    return { jobs: taken, mostWaiting, mostMegabytes: Math.round(mostMemory / 1e6) };
  } finally {
    await server.stop();
  }
}
