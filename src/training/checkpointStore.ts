// bytes of work that is not over → a place where they outlive the process

import { checkFunction, checkObject } from '../core/check.ts';

/** Where a checkpoint lies: a file, an IndexedDB record, a variable. */
export interface CheckpointStore {
  /** The bytes that were saved last, undefined where there are none. */
  load(): Promise<Uint8Array | undefined>;
  /** Keeps the bytes in place of those before. It should not lose the old ones when it fails half way. */
  save(bytes: Uint8Array): Promise<void>;
}

/** The store, when it has both functions; a {@link TypeError} otherwise, before any work is done that could not be kept. */
export function checkStore(action: string, name: string, store: CheckpointStore): CheckpointStore {
  checkObject(action, name, store);
  checkFunction(action, `${name}.load`, store.load);
  checkFunction(action, `${name}.save`, store.save);
  return store;
}
