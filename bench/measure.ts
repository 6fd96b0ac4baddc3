// two ways of doing one thing → how many times faster ours is, measured side by side

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Median and range of a figure over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'ms';
}

/** One comparison; a ratio above 1 means that this library is better. */
export interface Case {
  readonly case: string;
  readonly backend: string;
  readonly against: string;
  readonly ours: Spread;
  readonly theirs: Spread;
  readonly ratio: number;
  readonly aim: number;
  readonly note?: string;
}

/** What is compared: both are run in turn, so that a busy moment of the machine hits both. */
export interface Comparison {
  readonly case: string;
  readonly backend: string;
  readonly against: string;
  readonly aim: number;
  readonly note?: string;
  /** How often to alternate. @default 9 */
  readonly rounds?: number;
  ours(): unknown;
  /** What it is measured against, or the milliseconds that are the measure themselves, e.g. a clip's own length. */
  readonly theirs: (() => unknown) | number;
}

/** Warms both up, then alternates them. */
export async function compare({ rounds = 9, ours, theirs, ...about }: Comparison): Promise<Case> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = -2; round < rounds; round++) {
    const [a, b] = [await time(ours), typeof theirs === 'number' ? theirs : await time(theirs)];
    if (round < 0) continue;
    times.ours.push(a);
    times.theirs.push(b);
  }
  const [a, b] = [spread(times.ours), spread(times.theirs)];
  return { ...about, ours: a, theirs: b, ratio: b.median / a.median };
}

/** What the figures were measured with: without it they mean little. */
export function surroundings() {
  const version = (name: string) => execFileSync('npm', ['pkg', 'get', name], { encoding: 'utf8' }).trim();
  return {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? process.arch}`,
    versions: {
      node: process.version,
      tfjs: JSON.parse(version('devDependencies'))['@tensorflow/tfjs-core'] as string,
    },
  };
}

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function spread(times: number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] as number;
  return { median: at(0.5), min: at(0), max: at(1), unit: 'ms' };
}
