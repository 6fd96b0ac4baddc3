// a test → a folder of its own, which goes with it

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder, for as long as the test runs. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
