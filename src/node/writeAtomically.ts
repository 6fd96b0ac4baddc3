// bytes → a file that is there whole or not at all

import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that a reader, or a machine that loses power, sees the old content or the new: into `PATH.part` beside
 * it, to the disk, then renamed. A `.part` left over from a writer that was killed is overwritten by the next one.
 *
 * @throws {Error} of node:fs, with the path
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncFolder(dirname(path));
}

/** Brings the rename to the disk; Windows opens no folders, and writes the journal by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
