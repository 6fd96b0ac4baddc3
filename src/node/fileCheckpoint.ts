// path → a place for training checkpoints

import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { shown } from '../core/check.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import { writeAtomically } from './writeAtomically.ts';

/**
 * Keeps training checkpoints in a file, so that a run that is killed, at any moment, resumes from the last one.
 *
 * @param path the file; missing folders are created with the first checkpoint
 * @throws {TypeError} when `path` is no path
 *
 * @example
 * await train(network, data, { checkpoint: { store: fileCheckpoint('runs/first.checkpoint') } });
 */
export function fileCheckpoint(path: string): CheckpointStore {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`Cannot open a checkpoint: path must be a path, got ${shown(path)}`);
  }
  const file = resolve(path); // now, so that a later `process.chdir` does not move it
  let saved = Promise.resolve();
  return {
    async load() {
      try {
        return new Uint8Array(await readFile(file));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new Error(`Cannot read the checkpoint ${file}: ${(cause as Error).message}`, { cause });
      }
    },
    save(bytes) {
      // One after the other, so that what was saved last stays.
      const saving = saved.then(async () => {
        try {
          await mkdir(dirname(file), { recursive: true });
          await writeAtomically(file, bytes);
        } catch (cause) {
          throw new Error(`Cannot write the checkpoint ${file}: ${(cause as Error).message}`, { cause });
        }
      });
      saved = saving.catch(() => {});
      return saving;
    },
  };
}
