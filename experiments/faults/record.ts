// what was found → docs/results/faults.json, part by part: a run that is stopped goes on after those that are there

import { execFileSync } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A kind of fault in inputs of a format, and the indices of inputs that show it. */
interface FaultKindRecord {
  readonly verdict: string;
  readonly what: string;
  readonly count: number;
  readonly indices: readonly number[];
}

/** What became of inputs of one format. */
export interface FuzzResult {
  readonly kind: 'fuzz';
  readonly inputs: number;
  /** Inputs that were answered with something that makes sense, and that were refused clearly. */
  readonly answered: number;
  readonly refused: number;
  /** Inputs that were neither, by what happened. */
  readonly raw: number;
  readonly hangs: number;
  readonly nonsense: number;
  readonly tensors: number;
  /** Bytes that a process held at most. */
  readonly mostMemory: number;
  readonly kinds: readonly FaultKindRecord[];
}

/** What killed processes led to. */
interface KillResult {
  readonly kind: 'kills';
  readonly kills: number;
  readonly runs: number;
  readonly otherwise: readonly string[];
}

/** What aborted calls led to. */
interface AbortResult {
  readonly kind: 'aborts';
  readonly aborts: number;
  readonly calls: number;
  readonly unsettled: readonly string[];
  readonly otherwise: readonly string[];
}

/** Memory of a stream after its first hour and its last, in bytes. */
export interface HeapResult {
  readonly kind: 'heap';
  readonly hours: number;
  readonly segments: number;
  readonly first: number;
  readonly last: number;
}

/** How long a timer waited while a loop classified, by what was classified; in milliseconds. */
export interface TimerResult {
  readonly kind: 'timers';
  readonly calls: number;
  readonly waits: Readonly<
    Record<
      string,
      { readonly longest: number; readonly own: number; readonly perMille: number; readonly ticks: number }
    >
  >;
}

/** What a part found. */
export type Result = FuzzResult | KillResult | AbortResult | HeapResult | TimerResult;

/** With what it was found. */
export type PartRecord = Result & {
  readonly date: string;
  readonly commit: string;
  readonly seed: number;
  readonly seconds: number;
};

/** The content of docs/results/faults.json. */
export interface FaultsFile {
  readonly node: string;
  readonly machine: string;
  readonly parts: Readonly<Record<string, PartRecord>>;
}

const FILE = fileURLToPath(new URL('../../docs/results/faults.json', import.meta.url));

/** What there is; undefined where there is nothing yet. */
export async function readFaults(file = FILE): Promise<FaultsFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as FaultsFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Adds a part to those that are there, or in place of what it was before. */
export async function recordPart(name: string, part: PartRecord, file = FILE): Promise<void> {
  const parts = { ...(await readFaults(file))?.parts, [name]: part };
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? process.arch}`;
  const content: FaultsFile = { node: process.version, machine, parts };
  await writeFile(`${file}.part`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

/** How many faults a part found. */
export function faultsOf(result: Result): number {
  switch (result.kind) {
    case 'fuzz':
      return result.raw + result.hangs + result.nonsense + result.tensors;
    case 'kills':
      return result.otherwise.length;
    case 'aborts':
      return result.unsettled.length + result.otherwise.length;
    case 'heap':
      return growthOf(result) <= MOST_GROWTH ? 0 : 1;
    case 'timers':
      return longestWait(result) <= MOST_WAIT ? 0 : 1;
  }
}

/** Memory in the end over memory after an hour, at most. */
export const MOST_GROWTH = 1.02;
/** Milliseconds that a timer may have to wait. */
export const MOST_WAIT = 50;

export function growthOf({ first, last }: HeapResult): number {
  return last / first;
}

/** Of all that was classified. */
export function longestWait({ waits: { nothing: _, ...waits } }: TimerResult): number {
  return Math.max(...Object.values(waits).map(({ longest }) => longest));
}

/** The revision, marked where the sources are not as it has them. */
export function commitNow(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src') !== '';
  return git('rev-parse', '--short', 'HEAD') + (changed ? ' with changes' : '');
}
