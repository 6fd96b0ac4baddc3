// an archive, killed workers, a server that starts again, a full disk → what is missing, twice or otherwise in its table

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RandomStream } from 'speech-emotion/layers';
import { run, start } from '../../cli/test/score/program.ts';
import { startPostgres, startRedis } from '../../cli/test/score/servers.ts';
import type { FaultsPart, QueuePlace, RowCounts } from './scaleFile.ts';

type Figures = Omit<FaultsPart, 'commit' | 'date' | 'machine'>;

/** Seconds that a worker lives. */
const SHORTEST = 2;
const LONGEST = 14;
/** Scoring the archive again, as workers are to be killed and none is left to do it. */
const MOST_ROUNDS = 20;
/** Starting `score` again, as it ended before the archive was done. */
const MOST_AGAIN = 10;
/** Bytes of a disk that holds the beginning of a ledger. */
const SMALL_DISK = '160k';

/** What the archive gives without faults. */
export async function undisturbed(archive: string, folder: string): Promise<string> {
  const ledger = join(folder, 'undisturbed.ledger');
  await run('score', archive, '--ledger', ledger, '--threads', '1');
  return tableOf(ledger);
}

/**
 * Kills workers at random moments, and starts the server again when a third and two thirds of them are killed. An archive that is done
 * before is scored again, with a new ledger on a new server.
 *
 * @param wanted the table of the archive without faults
 */
export async function killWorkers(
  place: QueuePlace,
  { archive, folder, wanted }: { readonly archive: string; readonly folder: string; readonly wanted: string },
  { kills, seed }: { readonly kills: number; readonly seed: number },
): Promise<Figures> {
  const random = new RandomStream(seed, place);
  const restartAt = [Math.ceil(kills / 3), Math.ceil((2 * kills) / 3)];
  let [killed, restarts, again, rounds] = [0, 0, 0, 0];
  let rows: RowCounts = { wanted: 0, missing: 0, twice: 0, differing: 0, odd: 0 };
  while (killed < kills && rounds < MOST_ROUNDS) {
    const server = await (place === 'redis' ? startRedis() : startPostgres());
    try {
      const ledger = place === 'redis' ? join(folder, `redis ${rounds}.ledger`) : server.url;
      const places = ['--queue', server.url, '--ledger', ledger];
      let scoring = start('score', archive, ...places);
      let isOver = false;
      let over = scoring.ended.then(() => (isOver = true));
      for (;;) {
        const worker = start('worker', ...places, '--threads', '1', '--lock', '5');
        const seconds = SHORTEST + (LONGEST - SHORTEST) * random.next();
        await Promise.race([over, killed < kills ? wait(1000 * seconds) : over]);
        if (isOver) worker.process.kill('SIGTERM');
        else {
          worker.process.kill('SIGKILL');
          killed++;
        }
        await worker.ended;
        if (restartAt[restarts] === killed) {
          restarts++;
          await server.restart();
        }
        console.log(`${place}: ${killed} workers killed, ${restarts} restarts, round ${rounds + 1}`);
        if (!isOver) continue;
        if ((await isDone(archive, ledger)) || again === MOST_AGAIN) break;
        // A server that is away while `score` begins ends it; the same command goes on.
        console.log(`score ended before the archive was done: ${(await scoring.ended).said}`);
        again++;
        scoring = start('score', archive, ...places);
        isOver = false;
        over = scoring.ended.then(() => (isOver = true));
      }
      rows = sum(rows, compareTables(wanted, await tableOf(ledger)));
    } finally {
      await server.stop();
    }
    rounds++;
  }
  return { killed, restarts, fullDisks: 0, again, rounds, rows };
}

async function isDone(archive: string, ledger: string): Promise<boolean> {
  const { out } = await run('status', '--ledger', ledger, '--json');
  if (out === '') return false;
  const { recordings } = JSON.parse(out) as { recordings: { done: number; failed: number } };
  return recordings.done + recordings.failed === readdirSync(archive).length;
}

/** Scores without a queue, with a ledger on a disk that is full before the archive is done, and goes on when it is larger. */
export async function fillDisk(archive: string, folder: string, wanted: string): Promise<Figures> {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', disk]);
  try {
    const ledger = join(disk, 'ledger');
    const { code, said } = await run('score', archive, '--ledger', ledger, '--threads', '1');
    if (code !== 1 || !said.startsWith('Cannot write the ledger')) {
      throw new Error(`Cannot fill the disk: the archive must be larger, got ${code}: ${said}`);
    }
    execFileSync('mount', ['-o', 'remount,size=1g', disk]);
    await run('score', archive, '--ledger', ledger, '--threads', '1');
    const rows = compareTables(wanted, await tableOf(ledger));
    return { killed: 0, restarts: 0, fullDisks: 1, again: 1, rounds: 1, rows };
  } finally {
    execFileSync('umount', [disk]);
  }
}

/** All rows as JSON Lines, and after them all failures. */
async function tableOf(ledger: string): Promise<string> {
  const { out: rows } = await run('export', '--ledger', ledger, '--json');
  const { out: failures } = await run('status', '--ledger', ledger, '--failures', '--json');
  return rows + failures;
}

/** Rows by their recording and its moment, failures by their recording. */
export function compareTables(wanted: string, found: string): RowCounts {
  const [expected, got] = [byKey(wanted), byKey(found)];
  const count = (holds: (key: string) => boolean, keys: Iterable<string>) => [...keys].filter(holds).length;
  return {
    wanted: expected.size,
    missing: count((key) => !got.has(key), expected.keys()),
    twice: count((key) => got.get(key)!.length > 1, got.keys()),
    differing: count(
      (key) => got.has(key) && got.get(key)!.some((row) => row !== expected.get(key)![0]),
      expected.keys(),
    ),
    odd: count((key) => !expected.has(key), got.keys()),
  };
}

function byKey(table: string): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const row of table.split('\n').filter(Boolean)) {
    const { file, start, source } = JSON.parse(row) as { file?: string; start?: number; source?: string };
    const key = JSON.stringify([file ?? source, start]);
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return rows;
}

function sum(some: RowCounts, others: RowCounts): RowCounts {
  return {
    wanted: some.wanted + others.wanted,
    missing: some.missing + others.missing,
    twice: some.twice + others.twice,
    differing: some.differing + others.differing,
    odd: some.odd + others.odd,
  };
}
