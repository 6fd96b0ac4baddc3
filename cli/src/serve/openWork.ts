// requests and streams in progress → no more than there may be, and their end when the server stops

import { busy, Problem } from './problem.ts';

/** A request or a stream in progress. */
export interface Work {
  /** Aborts when nobody waits for it any more, or the server stops. */
  readonly controller: AbortController;
  /** To be called at its end. */
  end(): void;
}

/** What is in progress. */
export class OpenWork {
  readonly #most: number;
  readonly #open = new Set<AbortController>();
  #isStopping = false;
  #onEmpty = () => {};

  constructor(most: number) {
    this.#most = most;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** @throws {Problem} when there is as much as there may be, or the server stops */
  check(): void {
    if (this.#isStopping) throw busy('Cannot begin: the server stops');
    if (this.#open.size >= this.#most) throw busy(`Cannot begin: ${this.#most} requests and streams are in progress`);
  }

  /** @throws {Problem} as {@link OpenWork.check} */
  begin(): Work {
    this.check();
    const controller = new AbortController();
    this.#open.add(controller);
    const end = () => {
      this.#open.delete(controller);
      if (this.#open.size === 0) this.#onEmpty();
    };
    return { controller, end };
  }

  /** Begins nothing more; what is in progress may end by itself, and is aborted after `graceSeconds`. */
  async stop(graceSeconds: number): Promise<void> {
    this.#isStopping = true;
    if (this.#open.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    const abort = () => {
      for (const controller of this.#open) controller.abort(new Problem(503, 'Cannot go on: the server stops'));
    };
    const timer = setTimeout(abort, 1000 * graceSeconds);
    await empty;
    clearTimeout(timer);
  }
}
