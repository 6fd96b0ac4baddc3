// name → a place for training checkpoints in this browser

import type { CheckpointStore } from '../training/checkpointStore.ts';
import { checkName, namesIn, withStore } from './browserStorage.ts';

/**
 * Keeps training checkpoints in this browser's IndexedDB, so that training can resume after the tab was closed. Each replaces the
 * one before as a whole.
 *
 * Its `load` and `save` throw an Error when storage is full or the browser refuses it.
 *
 * @param name of the run
 * @throws {TypeError} when it is no string
 */
export function browserCheckpoint(name: string): CheckpointStore {
  checkName('open a checkpoint', name);
  return {
    load: () =>
      withStore<Uint8Array | undefined>(`load the checkpoint ${name}`, 'checkpoints', 'readonly', (store) =>
        store.get(name),
      ),
    async save(bytes) {
      await withStore(`save the checkpoint ${name}`, 'checkpoints', 'readwrite', (store) => store.put(bytes, name));
    },
  };
}

/**
 * The names of the runs that have a checkpoint in this browser, sorted.
 *
 * @throws {Error} when the browser refuses storage
 */
export function listBrowserCheckpoints(): Promise<string[]> {
  return namesIn('list the checkpoints', 'checkpoints');
}

/**
 * Deletes a run's checkpoint, if there is one.
 *
 * @throws {TypeError} when the name is no string
 * @throws {Error} when the browser refuses storage
 */
export async function deleteBrowserCheckpoint(name: string): Promise<void> {
  checkName('delete a checkpoint', name);
  await withStore(`delete the checkpoint ${name}`, 'checkpoints', 'readwrite', (store) => store.delete(name));
}
