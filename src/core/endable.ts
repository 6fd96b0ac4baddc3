// a generator that obeys a signal → one that ends at once when its consumer leaves

/** The reason {@link endable} aborts the work with when its consumer leaves. */
const LEFT = new DOMException('it was left', 'AbortError');

/**
 * A generator whose `return` need not wait. That of an `async function*` waits for the value that is being worked on, forever
 * where none comes, and runs nothing of a generator that was never begun, not even its `finally`.
 *
 * @param make the work, which ends soon after the controller's signal aborts, and then releases what it holds
 */
export function endable<T>(
  make: (controller: AbortController) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  const work = make(controller);
  const over = { done: true, value: undefined } as const;
  let begun = false;

  const next = async (): Promise<IteratorResult<T, void>> => {
    begun = true;
    try {
      return await work.next();
    } catch (error) {
      if (error === LEFT) return over;
      throw error;
    }
  };
  const leave = async (): Promise<IteratorResult<T, void>> => {
    controller.abort(LEFT);
    if (!begun) await work.next().catch(() => {}); // only so does it let go of what it was given
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
