// recordings → work done on each, the failures told and counted

import { BackendError } from 'speech-emotion';
import type { Progress } from '../terminal/progress.ts';
import { findRecordings } from './findRecordings.ts';
import type { FoundRecording } from './found.ts';

/** What went how. */
interface Counts {
  done: number;
  failed: number;
}

/** What {@link eachRecording} does. */
export interface Work<T> {
  /** Does it. What it throws is the recording's own fault, unless the backend has fallen over. */
  readonly work: (recording: FoundRecording, onPart: (share: number) => void) => Promise<T>;
  /** Writes what came of it. What this throws ends everything: the disk is full, the reader has left. */
  readonly write: (recording: FoundRecording, result: T) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Counts as it goes, so that it is known how far it came. */
  readonly counts: Counts;
}

/** Works through recordings, one after the other. One that fails is told of by its name, and the others go on. */
export async function eachRecording<T>(inputs: readonly string[], options: Work<T>): Promise<void> {
  const { work, write, progress, signal, counts } = options;
  const fail = (name: string, error: Error) => {
    counts.failed++;
    progress.say(`${name}: ${error.message}`);
  };
  for await (const found of findRecordings(inputs, signal)) {
    progress.at(counts.done + counts.failed, found.name);
    if ('error' in found) {
      fail(found.name, found.error);
      continue;
    }
    const before = counts.done + counts.failed;
    let result: T;
    try {
      result = await work(found, (share) => progress.at(before + share, found.name));
    } catch (error) {
      if (signal.aborted || error instanceof BackendError) throw error;
      fail(found.name, error as Error);
      continue;
    }
    await write(found, result);
    counts.done++;
  }
}
