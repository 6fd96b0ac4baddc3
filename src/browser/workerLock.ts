// a worker's life → a lock that it holds for as long, by which the page can tell that it has ended
//
// A worker that closes itself, or that the browser ends for want of memory, tells nobody: a page would wait for its answer for ever.

/** Asks a worker to hold a lock until it ends. */
export interface LockMessage {
  readonly type: 'lock';
  /** Its name, which nobody else uses. */
  readonly lock: string;
}

/** In the worker: takes a lock for good. @returns whether it is held: an origin without a name has no locks */
export function holdLock(lock: string): Promise<boolean> {
  return new Promise((resolve) => {
    const forEver = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    const locks = navigator.locks as LockManager | undefined; // none in pages without TLS
    if (locks) locks.request(lock, forEver).catch(() => resolve(false));
    else resolve(false);
  });
}

/** In the page: calls `released` once the worker that holds the lock has ended, unless the signal aborts first. */
export function onRelease(lock: string, signal: AbortSignal, released: () => void): void {
  navigator.locks.request(lock, { signal }, released).catch(() => {}); // aborted
}
