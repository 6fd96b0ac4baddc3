// bytes of unfinished work → a store that outlives the process

import { checkFunction, checkObject } from '../core/check.ts';

/** Where a checkpoint is kept: a file, an IndexedDB record, a variable. */
export interface CheckpointStore {
  /** The bytes that were saved last, undefined where there are none. */
  load(): Promise<Uint8Array | undefined>;
  /** Replaces the bytes that were saved before, which should survive when this fails half way. */
  save(bytes: Uint8Array): Promise<void>;
}

/** The store, when it has both functions; a {@link TypeError} otherwise, before any work is done that could not be saved. */
export function checkStore(action: string, name: string, store: CheckpointStore): CheckpointStore {
  checkObject(action, name, store);
  checkFunction(action, `${name}.load`, store.load);
  checkFunction(action, `${name}.save`, store.save);
  return store;
}
