// a format and how many inputs → what became of them, over several processes

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { throughTsx } from '../tsx.ts';
import type { Report, Tally, Task } from './child.ts';
import { type Faults, joinFaults, noteFault } from './faultKinds.ts';

/** How a format is fuzzed. */
export interface FuzzOptions {
  /** Every input follows from it, the format and the index. */
  readonly seed: number;
  /** How many inputs, the first being 0. */
  readonly count: number;
  /** How many processes share them. */
  readonly workers: number;
  /** Milliseconds after which an input hangs. @default 10000 */
  readonly patience?: number;
  /** The module that has the format among its `FORMATS`. @default that of all formats */
  readonly module?: URL;
}

const FORMATS = new URL('./formats.ts', import.meta.url);
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** Of the heap; what an input makes the library hoard beyond it ends the process, which counts. */
const HEAP_MEGABYTES = 1024;

/** Gives inputs to the library and judges what comes back. */
export async function fuzz(format: string, options: FuzzOptions): Promise<Tally> {
  const { seed, count, workers, module = FORMATS } = options;
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-faults-'));
  try {
    const shares = Array.from({ length: workers }, (_, from) => {
      const task = {
        format,
        module: module.href,
        seed,
        from,
        to: count,
        step: workers,
        positionFile: join(folder, `${from}`),
      };
      return tallyOf(task, options);
    });
    return joinTallies(await Promise.all(shares));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One process after the other, until all inputs of the share are judged: each hang and each end of a process is one input's. */
async function tallyOf(task: Task, options: FuzzOptions): Promise<Tally> {
  const tallies: Tally[] = [];
  for (let from = task.from; from < task.to; ) {
    const life = await live({ ...task, from }, options);
    tallies.push(...life.tallies);
    if (!life.end) break;
    // What the process had judged since its last word is lost with it, and judged once more.
    tallies.push(await tallyOf({ ...task, from: life.judged, to: life.end.at }, options), faulty(life.end));
    from = life.end.at + task.step;
  }
  return joinTallies(tallies);
}

/** How a process ended early, and on which input. */
interface EarlyEnd {
  readonly at: number;
  readonly verdict: 'hang' | 'raw';
  readonly what: string;
}

interface Life {
  readonly tallies: readonly Tally[];
  /** The first index that is in none of them. */
  readonly judged: number;
  readonly end?: EarlyEnd;
}

function faulty({ at, verdict, what }: EarlyEnd): Tally {
  const faults: Faults = {};
  noteFault(faults, at, verdict, what);
  return { inputs: 1, answered: 0, refused: 0, faults, mostMemory: 0 };
}

async function live(task: Task, { patience = 10_000 }: FuzzOptions): Promise<Life> {
  await rm(task.positionFile, { force: true }); // what it says is of the process before
  const { execArgv, env } = throughTsx([`--max-old-space-size=${HEAP_MEGABYTES}`]);
  const child = fork(CHILD, { execArgv, env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr!.on('data', (text) => {
    said = (said + text).slice(-5000);
  });
  const tallies: Tally[] = [];
  let judged = task.from;
  child.on('message', ({ upTo, ...tally }: Report) => {
    tallies.push(tally);
    judged = upTo;
  });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  child.send(task);
  const stuck = await stuckAt(child, closed, task.positionFile, patience);
  const [code, signal] = await closed;
  if (stuck !== undefined) {
    return { tallies, judged, end: { at: stuck, verdict: 'hang', what: `no end within ${patience / 1000} s` } };
  }
  if (judged >= task.to) return { tallies, judged };
  const at = await positionOf(task.positionFile);
  if (at === undefined) throw new Error(`Cannot fuzz ${task.format}: its process does not start\n${said}`);
  const last = said.split('\n').find((line) => /error|fatal/i.test(line)) ?? '';
  return { tallies, judged, end: { at, verdict: 'raw', what: `ends the process (${signal ?? code}): ${last}` } };
}

/** Ends a process that stays with one input for too long. @returns the input's index; undefined where the process ended by itself */
async function stuckAt(
  child: ChildProcess,
  closed: Promise<unknown>,
  positionFile: string,
  patience: number,
): Promise<number | undefined> {
  let [last, since] = [-1, performance.now()];
  for (;;) {
    const ended = await Promise.race([closed.then(() => true), sleep(Math.min(500, patience / 4), false)]);
    if (ended) return undefined;
    const at = await positionOf(positionFile);
    if (at !== undefined && at === last && performance.now() - since > patience && child.exitCode === null) {
      child.kill('SIGKILL');
      return at;
    }
    if (at !== undefined && at !== last) [last, since] = [at, performance.now()];
  }
}

async function positionOf(file: string): Promise<number | undefined> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return bytes.length === 8 ? bytes.readDoubleLE() : undefined;
}

function joinTallies(tallies: readonly Tally[]): Tally {
  const sum = (part: 'inputs' | 'answered' | 'refused') => tallies.reduce((total, tally) => total + tally[part], 0);
  return {
    inputs: sum('inputs'),
    answered: sum('answered'),
    refused: sum('refused'),
    faults: joinFaults(tallies.map(({ faults }) => faults)),
    mostMemory: Math.max(0, ...tallies.map(({ mostMemory }) => mostMemory)),
  };
}
