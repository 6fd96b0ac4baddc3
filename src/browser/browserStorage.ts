// name → bytes and objects that stay in this browser (IndexedDB)

import { checkString } from '../core/check.ts';

const DATABASE = 'speech-emotion';
const VERSION = 1;

/** The library's object stores, with records by name. */
export type StoreName = 'models' | 'checkpoints';

const STORES: readonly StoreName[] = ['models', 'checkpoints'];

/**
 * Makes one request to one store, in its own connection and transaction, so that nothing stays open.
 *
 * @param action for messages, e.g. `save the model demo`
 * @returns the result of the request, once the transaction is complete
 * @throws {Error} when the browser has no storage for this page, it is full, or it fails; with the cause
 */
export async function withStore<T>(
  action: string,
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  let database: IDBDatabase | undefined;
  try {
    database = await open();
    return await finish(database.transaction(name, mode), name, work);
  } catch (cause) {
    throw new Error(`Cannot ${action}: ${await reasonOf(cause)}`, { cause });
  } finally {
    database?.close();
  }
}

/**
 * Checks the name of a record.
 *
 * @throws {TypeError} when it is no string: IndexedDB would keep a record that no list shows
 */
export function checkName(action: string, name: string): string {
  return checkString(action, 'name', name);
}

/**
 * The names of a store's records, sorted.
 *
 * @throws as {@link withStore} does
 */
export async function namesIn(action: string, name: StoreName): Promise<string[]> {
  return (await withStore(action, name, 'readonly', (store) => store.getAllKeys())) as string[];
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      for (const store of STORES) {
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finish<T>(
  transaction: IDBTransaction,
  name: StoreName,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

/** The likely causes in words: storage full, switched off, or whatever the browser reports. */
async function reasonOf(cause: unknown): Promise<string> {
  const { name, message } = cause as Error;
  if (typeof indexedDB === 'undefined') return 'there is no IndexedDB here';
  if (name === 'QuotaExceededError') {
    const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    const used = usage !== undefined && quota !== undefined ? ` (${megabytes(usage)} of ${megabytes(quota)} used)` : '';
    return `the browser's storage for this site is full${used}`;
  }
  if (name === 'SecurityError' || name === 'InvalidStateError' || name === 'UnknownError') {
    return `the browser refuses storage to this page, as in private windows or with site data blocked (${message})`;
  }
  if (name === 'VersionError') return 'a newer version of speech-emotion has changed the storage of this site';
  return message;
}
