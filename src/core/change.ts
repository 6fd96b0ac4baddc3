// something has happened → everybody who waits for it goes on

/** What several may wait for, any number of times: each wait ends with the next time that it is told. */
export class Change {
  /** One promise for all who wait, so that nothing piles up where it is told more often than waited for, or the other way round. */
  #next: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Resolves when it is told the next time. */
  wait(): Promise<void> {
    if (!this.#next) {
      let resolve!: () => void;
      const promise = new Promise<void>((resolved) => {
        resolve = resolved;
      });
      this.#next = { promise, resolve };
    }
    return this.#next.promise;
  }

  /** Ends all waits so far. */
  tell(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
