// an archive, killed processes, a server that starts again, a full disk → what is missing, twice or otherwise in its table

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RandomStream } from 'speech-emotion/layers';
import { despiteRestarts } from '../../cli/src/queue/restarts.ts';
import { openQueue } from '../../cli/src/score/bullQueue.ts';
import { run, start } from '../../cli/test/score/program.ts';
import { type Server, startPostgres, startRedis } from '../../cli/test/score/servers.ts';
import { addRows, compareTables, NO_ROWS } from './compareTables.ts';
import type { FaultsPart, QueuePlace, RowCounts } from './scaleFile.ts';

type Figures = Omit<FaultsPart, 'commit' | 'date' | 'machine'>;

/** What is scored, and how often its processes are killed. */
export interface Disturbed {
  readonly archive: string;
  /** For ledgers. */
  readonly folder: string;
  /** The archive without faults: its table, and the seconds that it took. */
  readonly undisturbed: { readonly table: string; readonly seconds: number };
  readonly kills: number;
  readonly seed: number;
}

/** How long a process lives at most: this share of what the archive takes without faults, on a machine however fast and busy. */
const LONGEST = 1 / 6;
/** Pieces of a minute, the shortest there are: of those that a process lives for, it does some, and is killed within one. */
const PIECES = ['--piece', '60'];
/** Seconds in which the jobs of a killed worker are found. */
const LOCK = ['--lock', '2'];
/** Scoring the archive again, as processes are to be killed and nothing is left to do. */
const MOST_ROUNDS = 20;
/** Starting `score` again, as it ended before the archive was done. */
const MOST_AGAIN = 10;
/** Bytes of a disk that holds the beginning of a ledger. */
const SMALL_DISK = '500k';

/** What the archive gives without faults, in pieces of the usual length. */
export async function scoreUndisturbed(archive: string, folder: string): Promise<Disturbed['undisturbed']> {
  const ledger = join(folder, 'undisturbed.ledger');
  const before = performance.now();
  await run('score', archive, '--ledger', ledger, '--threads', '1');
  return { seconds: (performance.now() - before) / 1000, table: await tableOf(ledger) };
}

/**
 * Kills workers at random moments, and starts the server again while one works, after a third and two thirds of the kills. An archive that
 * is done before is scored again, with a new ledger on a new server.
 */
export async function killWorkers(place: QueuePlace, disturbed: Disturbed): Promise<Figures> {
  const { folder, undisturbed, kills, seed } = disturbed;
  const random = new RandomStream(seed, place);
  let figures: Figures = NOTHING;
  while (figures.killed < kills && figures.rounds < MOST_ROUNDS) {
    const server = await (place === 'redis' ? startRedis() : startPostgres());
    try {
      const ledger = place === 'redis' ? join(folder, `redis ${figures.rounds}.ledger`) : server.url;
      figures = await killInRound({ ...disturbed, server, ledger }, random, figures);
      const rows = addRows(figures.rows, compareTables(undisturbed.table, await tableOf(ledger)));
      figures = { ...figures, rounds: figures.rounds + 1, rows };
    } finally {
      await server.stop();
    }
  }
  return figures;
}

const NOTHING: Figures = { killed: 0, inJob: 0, restarts: 0, fullDisks: 0, again: 0, rounds: 0, rows: NO_ROWS };

interface Round extends Disturbed {
  readonly server: Server;
  readonly ledger: string;
}

/** One worker after the other, until the archive is done. */
async function killInRound(round: Round, random: RandomStream, before: Figures): Promise<Figures> {
  const { archive, undisturbed, kills, server, ledger } = round;
  const restartAt = [Math.ceil(kills / 3), Math.ceil((2 * kills) / 3)];
  let { killed, inJob = 0, restarts, again } = before;
  const queue = await openQueue(server.url, () => {});
  const places = ['--queue', server.url, '--ledger', ledger];
  try {
    for (;;) {
      const scoring = start('score', archive, ...places, ...PIECES);
      let isOver = false;
      const over = scoring.ended.then(() => (isOver = true));
      while (!isOver) {
        const worker = start('worker', ...places, ...LOCK, '--threads', '1');
        const began = Date.now();
        // Those of workers that were killed before are there, too, until they are missed.
        const isAtJob = async () => {
          const jobs = await despiteRestarts(() => queue.getActive());
          return jobs.some(({ processedOn = 0 }) => processedOn >= began);
        };
        while (!isOver && worker.process.exitCode === null && !(await isAtJob())) await wait(100);
        const life = 1000 * undisturbed.seconds * LONGEST * random.next();
        await Promise.race([over, wait(life / 2)]);
        if (!isOver && restartAt[restarts] === killed) {
          restarts++;
          await server.restart();
        }
        await Promise.race([over, killed < kills ? wait(life / 2) : over]);
        if (isOver) worker.process.kill('SIGTERM');
        else {
          if (await isAtJob()) inJob++;
          worker.process.kill('SIGKILL');
          killed++;
        }
        await worker.ended;
        console.log(`${killed} workers killed, ${inJob} in a job, ${restarts} restarts, round ${before.rounds + 1}`);
      }
      if ((await isDone(archive, ledger)) || again === MOST_AGAIN) break;
      // A server that is away while `score` begins ends it; the same command goes on.
      console.log(`score ended before the archive was done: ${(await scoring.ended).said}`);
      again++;
    }
  } finally {
    await queue.close();
  }
  return { ...before, killed, inJob, restarts, again };
}

/** Kills `score` without a queue at random moments, and begins it again, until the archive is done; then fills up its disk. */
export async function disturbScore(disturbed: Disturbed): Promise<Figures> {
  const { archive, folder, undisturbed, kills, seed } = disturbed;
  const random = new RandomStream(seed, 'embedded');
  let [killed, rounds, rows] = [0, 0, await fillDisk(disturbed)];
  for (; killed < kills && rounds < MOST_ROUNDS; rounds++) {
    const ledger = join(folder, `embedded ${rounds}.ledger`);
    for (let isOver = false; !isOver; ) {
      const scoring = start('score', archive, '--ledger', ledger, '--threads', '1', ...PIECES);
      const over = scoring.ended.then(() => true);
      const life = 1000 * undisturbed.seconds * LONGEST * random.next();
      isOver = await (killed < kills ? Promise.race([over, wait(life, false)]) : over);
      if (isOver) continue;
      scoring.process.kill('SIGKILL');
      await scoring.ended;
      killed++;
      console.log(`${killed} times killed, round ${rounds + 1}`);
    }
    rows = addRows(rows, compareTables(undisturbed.table, await tableOf(ledger)));
  }
  return { killed, restarts: 0, fullDisks: 1, again: killed + 1, rounds: rounds + 1, rows };
}

/** Scores without a queue, with a ledger on a disk that is full before the archive is done, and goes on when it is larger. */
async function fillDisk({ archive, folder, undisturbed }: Disturbed): Promise<RowCounts> {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', disk]);
  try {
    const ledger = join(disk, 'ledger');
    const how = ['--ledger', ledger, '--threads', '1', ...PIECES];
    const { code, said } = await run('score', archive, ...how);
    if (code !== 1 || !said.startsWith('Cannot write the ledger')) {
      throw new Error(`Cannot fill the disk: the archive must be larger, got ${code}: ${said}`);
    }
    const { out } = await run('status', '--ledger', ledger, '--json');
    console.log(`the disk was full: ${out.trim()}`);
    execFileSync('mount', ['-o', 'remount,size=1g', disk]);
    await run('score', archive, ...how);
    return compareTables(undisturbed.table, await tableOf(ledger));
  } finally {
    execFileSync('umount', [disk]);
  }
}

async function isDone(archive: string, ledger: string): Promise<boolean> {
  const { out } = await run('status', '--ledger', ledger, '--json');
  if (out === '') return false;
  const { recordings } = JSON.parse(out) as { recordings: { done: number; failed: number } };
  return recordings.done + recordings.failed === readdirSync(archive).length;
}

/** All rows as JSON Lines, and after them all failures. */
async function tableOf(ledger: string): Promise<string> {
  const { out: rows } = await run('export', '--ledger', ledger, '--json');
  const { out: failures } = await run('status', '--ledger', ledger, '--failures', '--json');
  return rows + failures;
}
