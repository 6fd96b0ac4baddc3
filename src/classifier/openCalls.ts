// calls that may be in progress → what they use, kept until the last of them has ended

/** A call in progress. */
export interface OpenCall {
  /** Ends a call that may wait for ever. */
  readonly stop?: ((reason: unknown) => void) | undefined;
}

/** The calls of a classifier: those in progress, and no more once it is disposed. */
export class OpenCalls {
  readonly #calls = new Set<OpenCall>();
  readonly #free: () => void;
  #disposed = false;

  /** @param free what calls use is freed by it, once, when none needs it any more */
  constructor(free: () => void) {
    this.#free = free;
  }

  /** Keeps what `work` needs while it needs it. */
  async run<T>(action: string, work: () => Promise<T>): Promise<T> {
    const call: OpenCall = {};
    this.begin(action, call);
    try {
      return await work();
    } finally {
      this.end(call);
    }
  }

  /**
   * Begins a call, which is to be ended.
   *
   * @throws {Error} when all is disposed
   */
  begin(action: string, call: OpenCall): void {
    if (this.#disposed) throw disposedError(action);
    this.#calls.add(call);
  }

  /** Ends a call; one that was not begun, or has ended, is left alone. */
  end(call: OpenCall): void {
    if (this.#calls.delete(call) && this.#disposed && this.#calls.size === 0) this.#free();
  }

  /** Frees what calls use once those in progress have ended; those that can be stopped are. Later ones throw. Idempotent. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { stop } of this.#calls) stop?.(disposedError('stream'));
    if (this.#calls.size === 0) this.#free();
  }
}

function disposedError(action: string): Error {
  return new Error(`Cannot ${action}: the classifier is disposed`);
}
