// a file of results ↔ the same as objects

import { readFileSync } from 'node:fs';
import { fileCheckpoint } from 'speech-emotion/node';
import { UsageError } from '../../examples/node/commandLine.ts';
import type { LearningCurveFile, ResultFile } from './resultFile.ts';

/** The content of a file of results, undefined if there is none. */
export function readResult<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A place for the results of type T: the whole file, or a part of one. */
export interface ResultStore<T> {
  readonly path: string;
  read(): T | undefined;
  /** Writes the whole file atomically, one write after the other. */
  write(result: T): Promise<void>;
}

/** A file of its own, with a line for each entry of one of its lists, which comes last. */
export function resultStore<T extends object = ResultFile>(path: string, list: keyof T & string): ResultStore<T> {
  const file = fileCheckpoint(path);
  return {
    path,
    read: () => readResult(path),
    write({ [list]: entries, ...head }) {
      const lines = (entries as readonly unknown[]).map((entry) => JSON.stringify(entry)).join(',\n');
      const text = `${JSON.stringify(head).slice(0, -1)},"${list}":[\n${lines}\n]}\n`;
      return file.save(new TextEncoder().encode(text));
    },
  };
}

/** The file of the runs of one configuration under one protocol. */
export function runStore(path: string): ResultStore<ResultFile> {
  return resultStore(path, 'runs');
}

/** The point of a learning curve at so many actors; the file's other points stay. */
export function pointStore(path: string, actors: number): ResultStore<ResultFile> {
  const file = resultStore<LearningCurveFile>(path, 'points');
  const ofPoint = (point: { readonly actors: number }) => point.actors === actors;
  return {
    path,
    read() {
      const curve = file.read();
      if (!curve) return undefined;
      const { points, ...head } = curve;
      return { ...head, runs: points.find(ofPoint)?.runs ?? [] };
    },
    write({ runs, ...head }) {
      const others = file.read()?.points.filter((point) => !ofPoint(point)) ?? [];
      const points = [...others, { actors, runs }].sort((a, b) => a.actors - b.actors);
      return file.write({ ...head, points });
    },
  };
}

/** What all runs of a file have in common. */
export type ResultHead = Pick<ResultFile, 'protocol' | 'description' | 'config' | 'labels' | 'truth' | 'clips'>;

/** Whether runs of both may stand in one file. */
export function isSameKind(one: ResultHead, other: ResultHead): boolean {
  const kind = ({ protocol, description, config, truth }: ResultHead) =>
    JSON.stringify([protocol, description, config, truth]);
  return kind(one) === kind(other);
}

/**
 * Refuses to mix results.
 *
 * @throws {UsageError} when the file at the path holds results of another kind than those to be written
 */
export function checkSameKind(path: string, before: ResultHead | undefined, head: ResultHead): void {
  if (before && !isSameKind(before, head)) {
    throw new UsageError(
      `Cannot write ${path}: it holds results of another configuration; remove it or give another --out`,
    );
  }
}
