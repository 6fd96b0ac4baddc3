// something changes → all who wait for it go on

/** A change that several may wait for, any number of times: each wait ends with the next `tell`. */
export class Change {
  /** One promise for all who wait, so that nothing piles up where there are more changes than waits, or the other way round. */
  #next: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Resolves with the next change. */
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

  /** Announces a change: ends all waits so far. */
  tell(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
