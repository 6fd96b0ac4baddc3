// a generator that heeds a signal → one that ends at once when it is left

import { onAbort } from './abortable.ts';

/** What {@link endable} aborts the work with when nobody wants more of it. */
const LEFT = new DOMException('it was left', 'AbortError');

/**
 * A generator whose `return` need not wait. That of an `async function*` waits until the value that is being worked on is there,
 * for ever where none comes, and runs nothing at all of one that was never begun: its `finally` neither.
 *
 * @param make the work, which ends soon after the signal it is given aborts, and lets go then of what it holds
 * @param signal ends it, too: whoever waits then gets its reason
 */
export function endable<T>(
  make: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  const work = make(controller.signal);
  let stopListening: (() => void) | undefined;
  const over = { done: true, value: undefined } as const;

  const next = async (): Promise<IteratorResult<T, void>> => {
    stopListening ??= onAbort(signal, (reason) => controller.abort(reason));
    try {
      const result = await work.next();
      if (result.done) stopListening();
      return result;
    } catch (error) {
      stopListening();
      if (error === LEFT) return over;
      throw error;
    }
  };
  const leave = async (): Promise<IteratorResult<T, void>> => {
    controller.abort(LEFT);
    if (stopListening) stopListening();
    else await work.next().catch(() => {}); // it was never begun: only so does it let go of what it was given
    await work.return();
    return over;
  };

  return {
    next,
    return: leave,
    async throw(error) {
      await leave();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await leave();
    },
  };
}
