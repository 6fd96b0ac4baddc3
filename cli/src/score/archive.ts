// what a command line says of an archive → its ledger, its run, its threads

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { CommandLineFault } from '../commandLine/fault.ts';
import { Ledger, type RunStatus } from './ledger.ts';
import type { ScoreOptions } from './scorePiece.ts';
import { Threads } from './threads.ts';
import type { RunSettings } from './work.ts';

/** The ledger of those who name none. */
const LEDGER = 'speech-emotion.ledger';

/** Where an archive is kept. */
export interface ArchiveFlags {
  readonly queue?: string;
  readonly ledger?: string;
  readonly run?: string;
}

/** The address of the ledger: that of the queue, where the queue is a database. */
function ledgerAddress({ queue, ledger }: ArchiveFlags): string {
  if (ledger !== undefined) return ledger;
  if (queue === undefined) return LEDGER;
  if (/^postgres(ql)?:/.test(queue)) return queue;
  if (!/^rediss?:/.test(queue)) throw new CommandLineFault('--queue must be redis://… or postgres://…');
  throw new CommandLineFault(
    'with --queue redis://…, --ledger must name a database: postgres://…, or a file for workers of one machine',
  );
}

/**
 * Opens a ledger for some work, and closes it however that ends.
 *
 * @param how whether a file that is not there is made; it is no ledger of anything
 */
export async function withLedger<T>(
  flags: ArchiveFlags,
  work: (ledger: Ledger) => Promise<T>,
  how: { readonly isMade: boolean } = { isMade: false },
): Promise<T> {
  const address = ledgerAddress(flags);
  if (!how.isMade && !/^postgres(ql)?:/.test(address) && !existsSync(address)) {
    throw new Error(`Cannot open the ledger: ${address} must be a file that score has made, got none`);
  }
  const ledger = await Ledger.open(address);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** The run that is meant: the last one, unless it is named. */
export async function runOf(ledger: Ledger, { run }: ArchiveFlags): Promise<{ run: string; settings: RunSettings }> {
  const runs = await ledger.runs();
  const chosen = run ?? runs[0];
  if (chosen === undefined) throw new Error('Cannot find a run: the ledger is empty');
  if (!runs.includes(chosen)) throw new CommandLineFault(`--run must be one of ${runs.join(', ')}, got ${chosen}`);
  return { run: chosen, settings: JSON.parse((await ledger.settings(chosen))!) as RunSettings };
}

/** What is scored, and how. */
export interface RunFlags {
  readonly model?: string;
  readonly channel: 'mix' | 'each' | number;
  readonly hop?: number;
  readonly window?: number;
  readonly vad: 'speech' | 'level' | 'off';
  readonly piece?: number;
}

/** A run: its name follows from the model and all options. */
export async function runFor(flags: RunFlags, threads: Threads): Promise<{ run: string; settings: RunSettings }> {
  const { channel, hop, window, vad, piece: pieceSeconds } = flags;
  const model = flags.model === undefined || /^https?:/.test(flags.model) ? flags.model : resolve(flags.model);
  const options: ScoreOptions = {
    channel,
    ...(hop !== undefined && { hopSeconds: hop }),
    ...(window !== undefined && { windowSeconds: window }),
    ...(vad === 'off' && { vad: false }),
    ...(vad === 'level' && { vad: { detector: 'level' } }),
  };
  const { fingerprint, labels } = await threads.describe(model);
  const run = createHash('sha256')
    .update(JSON.stringify([1, fingerprint, options, pieceSeconds]))
    .digest('hex')
    .slice(0, 12);
  return { run, settings: { model, fingerprint, labels, options, pieceSeconds } };
}

/**
 * Holds that the model that a run names is here what it was there.
 *
 * @throws {Error} when it is another one, or is missing
 */
export async function checkModel(run: string, { model, fingerprint }: RunSettings, threads: Threads): Promise<void> {
  if ((await threads.describe(model)).fingerprint === fingerprint) return;
  throw new Error(
    `Cannot score: the model must be that of run ${run}, got another one from ${model ?? 'this version of the program'}`,
  );
}

/** Threads, as many as the machine does at once unless it is said. */
export function openThreads(size: number | undefined): Threads {
  return new Threads(size ?? availableParallelism());
}

/** How far a run is, in a line. */
export function statusLine({ recordings, pieces, hours, rate }: RunStatus): string {
  const { waiting, begun, done, failed } = recordings;
  const all = waiting + begun + done + failed;
  const parts = [`${done} of ${all} recordings`, `${hours.toFixed(2)} hours`];
  if (rate !== undefined) parts.push(`${rate.toFixed(0)} hours an hour`);
  if (failed > 0) parts.push(`${failed} failed`);
  const left = secondsLeft({ recordings, pieces, hours, rate });
  if (left !== undefined && left > 0) parts.push(`some ${duration(left)} left`);
  return parts.join(' · ');
}

/** Told from the recordings that are done, as if those that are left were like them. */
export function secondsLeft({ recordings, hours, rate }: RunStatus): number | undefined {
  const { waiting, begun, done } = recordings;
  if (!rate || done === 0) return undefined;
  return Math.max(0, ((waiting + begun) * (hours / done) * 3600) / rate);
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
