// a training → what it takes to resume it another day

import { deleteBrowserCheckpoint, listBrowserCheckpoints } from 'speech-emotion/browser';
import type { TrainingSettings } from './messages.ts';

/** A training whose checkpoint is in this browser. */
export interface Run {
  readonly settings: TrainingSettings;
  /** Whole epochs that are done. */
  readonly epochs: number;
}

const KEY = 'speech-emotion run ';

/** The checkpoint has the numbers, this the settings that they belong to. */
export function rememberRun(run: Run): void {
  try {
    localStorage.setItem(KEY + run.settings.name, JSON.stringify(run));
  } catch {
    // Without storage there is no checkpoint either, and the training says so.
  }
}

/** The trainings that can be resumed. */
export async function resumableRuns(): Promise<Run[]> {
  const names = await listBrowserCheckpoints().catch(() => []);
  return names.flatMap((name) => recall(name) ?? []);
}

/** The next training of that name starts over. */
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
