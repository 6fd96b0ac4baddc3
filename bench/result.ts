// what a bench found → what bench/results keeps of it

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Limit } from './limits.ts';
import type { Case } from './measure.ts';

/** What a bench found. */
export interface Outcome {
  readonly cases: readonly Case[];
  /** How fast the same could be at most. */
  readonly limits?: readonly Limit[];
  /** Cases that could not be measured, each with the reason. */
  readonly missing?: readonly string[];
  /** Of what was measured against. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** The content of bench/results/NAME.json. */
export interface BenchResult extends Outcome {
  readonly name: string;
  readonly commit: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Adds what the figures were measured with: without it they mean little. */
export async function resultOf(name: string, { cases, versions, ...rest }: Outcome): Promise<BenchResult> {
  const tfjs = await versionOf('@tensorflow/tfjs-core');
  return {
    name,
    commit: commit(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? process.arch}`,
    versions: { node: process.version, tfjs, ...versions },
    cases,
    ...rest,
  };
}

/** The version of a package as it is installed. */
export async function versionOf(name: string): Promise<string> {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(await readFile(path, 'utf8')).version;
}

/** The revision, marked where the sources are not as it has them. */
function commit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src') !== '';
  return git('rev-parse', '--short', 'HEAD') + (changed ? ' with changes' : '');
}
