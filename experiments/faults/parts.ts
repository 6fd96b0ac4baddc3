// what is measured → how, how much of it, and how much in short

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { abortCalls } from './aborts/aborts.ts';
import { countOf } from './fuzz/faultKinds.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { type KillOptions, type KillTally, killCrossValidations, killSavings, killTrainings } from './kills/kills.ts';
import type { Result } from './record.ts';
import { throughTsx } from './tsx.ts';

/** How a part is measured. */
interface Circumstances {
  readonly seed: number;
  /** How much: inputs, works that are killed, aborts, hours, calls. */
  readonly amount: number;
  /** Processes at a time. */
  readonly workers: number;
}

/** A part of the table. */
export interface Part {
  readonly amount: number;
  /** How much in short. */
  readonly short: number;
  readonly measure: (circumstances: Circumstances) => Promise<Result>;
}

/**
 * Inputs by format. Most are of what is quick to read; a decoder of WebAssembly is started anew for each FLAC, MP3, Ogg and WebM file,
 * and a network is built or trained for each model and store.
 */
const INPUTS: Readonly<Record<string, number>> = {
  wav: 350_000,
  waveCodecs: 20_000,
  plain: 120_000,
  flac: 6000,
  mp3: 4000,
  ogg: 3000,
  webm: 3000,
  containers: 130_000,
  pcm: 120_000,
  zip: 20_000,
  ravdessNames: 60_000,
  corpora: 40_000,
  examples: 120_000,
  checkpoints: 12_000,
  folds: 12_000,
  ensembles: 8000,
  models: 12_000,
  options: 50_000,
};
/** One in so many, in short. */
const SHORT = 400;

/** In the order of the table. */
export const PARTS: Readonly<Record<string, Part>> = {
  ...Object.fromEntries(
    Object.entries(INPUTS).map(([format, amount]) => [
      format,
      { amount, short: Math.max(60, Math.ceil(amount / SHORT)), measure: fuzzed(format) },
    ]),
  ),
  'kills in training': { amount: 9, short: 1, measure: killed(killTrainings) },
  'kills in saving a model': { amount: 9, short: 1, measure: killed(killSavings) },
  'kills in cross-validation': { amount: 9, short: 1, measure: killed(killCrossValidations) },
  aborts: {
    amount: 1200,
    short: 80,
    measure: async ({ seed, amount }) => ({ kind: 'aborts', ...(await abortCalls({ seed, count: amount })) }),
  },
  heap: {
    amount: 24,
    short: 3,
    measure: async ({ amount }) =>
      ({ kind: 'heap', ...(await resultOf('./sessions/streamedDay.ts', amount)) }) as Result,
  },
  timers: {
    amount: 300,
    short: 10,
    measure: async ({ amount }) =>
      ({ kind: 'timers', ...(await resultOf('./sessions/timersMeanwhile.ts', amount)) }) as Result,
  },
};

function fuzzed(format: string): Part['measure'] {
  return async ({ seed, amount, workers }) => {
    const { faults, ...tally } = await fuzz(format, { seed, count: amount, workers });
    const kinds = Object.values(faults).sort((a, b) => b.count - a.count);
    return {
      kind: 'fuzz',
      ...tally,
      raw: countOf(faults, 'raw'),
      hangs: countOf(faults, 'hang'),
      nonsense: countOf(faults, 'nonsense'),
      tensors: countOf(faults, 'tensors'),
      kinds,
    };
  };
}

function killed(kill: (options: KillOptions) => Promise<KillTally>): Part['measure'] {
  return async ({ seed, amount, workers }) => ({ kind: 'kills', ...(await kill({ seed, runs: amount, workers })) });
}

/** What a program of its own prints: JSON, in its last line. */
async function resultOf(program: string, amount: number): Promise<object> {
  const { execArgv, env } = throughTsx();
  const path = new URL(program, import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [...execArgv, path, `${amount}`], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
