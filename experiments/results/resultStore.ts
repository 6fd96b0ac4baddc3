// a file of results ↔ the same as it is in the program → up to date at any time

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../examples/node/commandLine.ts';
import type { LearningCurveFile, ResultFile, ResultRun } from './resultFile.ts';

/** What a file of results holds, undefined where there is none. */
export function readResult<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file of results, whole or not at all, with a line for each entry of one of its lists, which comes last. */
export function writeResult<T extends object>(path: string, result: T, list: keyof T & string): void {
  const { [list]: entries, ...head } = result;
  const lines = (entries as readonly unknown[]).map((entry) => JSON.stringify(entry)).join(',\n');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, `${JSON.stringify(head).slice(0, -1)},"${list}":[\n${lines}\n]}\n`);
  renameSync(`${path}.part`, path);
}

/** Where runs of a recipe are kept: in a file of their own, or as a part of one. */
export interface ResultStore {
  readonly path: string;
  read(): ResultFile | undefined;
  write(result: ResultFile): void;
}

/** A file of its own. */
export function resultStore(path: string): ResultStore {
  return { path, read: () => readResult(path), write: (result) => writeResult(path, result, 'runs') };
}

/** The point of a learning curve at so many actors; its other points stay. */
export function pointStore(path: string, actors: number): ResultStore {
  const ofPoint = (point: { readonly actors: number }) => point.actors === actors;
  return {
    path,
    read() {
      const curve = readResult<LearningCurveFile>(path);
      if (!curve) return undefined;
      const { points, ...head } = curve;
      return { ...head, runs: points.find(ofPoint)?.runs ?? [] };
    },
    write({ runs, ...head }) {
      const others = readResult<LearningCurveFile>(path)?.points.filter((point) => !ofPoint(point)) ?? [];
      const points = [...others, { actors, runs }].sort((a, b) => a.actors - b.actors);
      writeResult<LearningCurveFile>(path, { ...head, points }, 'points');
    },
  };
}

/** What all runs of a file have in common. */
export type ResultHead = Pick<ResultFile, 'protocol' | 'says' | 'recipe' | 'labels' | 'truth'>;

/** Whether runs of both belong together. */
export function isSameKind(one: ResultHead, other: ResultHead): boolean {
  const kind = ({ protocol, says, recipe, truth }: ResultHead) => JSON.stringify([protocol, says, recipe, truth]);
  return kind(one) === kind(other);
}

/**
 * Refuses to mix results.
 *
 * @throws {UsageError} when the file at the path holds results of another kind than those to be written
 */
export function checkSameKind(path: string, before: ResultHead | undefined, head: ResultHead): void {
  if (before && !isSameKind(before, head)) {
    throw new UsageError(`Cannot write ${path}: it holds results of another recipe; remove it or give another --out`);
  }
}

/** Results with the runs of others of the same kind, which keep the revision that they were trained at. */
export function joined(results: ResultFile, others: ResultFile): ResultFile {
  const runs = others.runs.map((run) => {
    const { seed, fold, commit = others.commit, ...rest } = run;
    return { seed, fold, ...(commit === results.commit ? {} : { commit }), ...rest };
  });
  return {
    ...results,
    checks: allChecks(results.checks, others.checks),
    runs: runs.reduce<readonly ResultRun[]>(withRun, results.runs),
  };
}

/** What was checked by either: one may have had folds, with copies to leave out, that the other did not have. */
export function allChecks(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])];
}

/** The runs with another in place of the one of its seed and fold, in the order of both. */
export function withRun<T extends { readonly seed: number; readonly fold: string }>(runs: readonly T[], run: T): T[] {
  const others = runs.filter(({ seed, fold }) => seed !== run.seed || fold !== run.fold);
  return [...others, run].sort((a, b) => a.seed - b.seed || (a.fold < b.fold ? -1 : 1));
}
