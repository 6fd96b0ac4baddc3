// a training that was begun → what it takes to go on with it another day

import { deleteBrowserCheckpoint, listBrowserCheckpoints } from 'speech-emotion/browser';
import type { TrainingSettings } from './messages.ts';

/** A training whose state lies in this browser. */
export interface Run {
  readonly settings: TrainingSettings;
  /** Whole epochs that are done. */
  readonly epochs: number;
}

const KEY = 'speech-emotion run ';

/** The checkpoint holds the numbers, this what they belong to. */
export function rememberRun(run: Run): void {
  try {
    localStorage.setItem(KEY + run.settings.name, JSON.stringify(run));
  } catch {
    // Without storage there is no checkpoint either, and the training says so.
  }
}

/** The trainings that can be gone on with. */
export async function resumableRuns(): Promise<Run[]> {
  const names = await listBrowserCheckpoints().catch(() => []);
  return names.flatMap((name) => recall(name) ?? []);
}

/** So that the next one of the name begins at the beginning. */
export async function forgetRun(name: string): Promise<void> {
  await deleteBrowserCheckpoint(name);
  localStorage.removeItem(KEY + name);
}

function recall(name: string): Run | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEY + name) ?? '') as Run;
  } catch {
    return undefined; // of another page on this site
  }
}
