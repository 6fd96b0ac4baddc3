// one source → two, each read at its own pace

/** Both give every piece. A piece is kept until both have read it; the source is read as soon as one asks. */
export function tee<T>(source: AsyncIterable<T>): [AsyncIterable<T>, AsyncIterable<T>] {
  const iterator = source[Symbol.asyncIterator]();
  const queues: T[][] = [[], []];
  let open = 2;
  let reading: Promise<void> | undefined;
  let over = false;
  const read = () => {
    reading ??= iterator.next().then(({ done, value }) => {
      reading = undefined;
      if (done) over = true;
      else for (const queue of queues) queue.push(value);
    });
    return reading;
  };
  const branch = (queue: T[]): AsyncIterable<T> => ({
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          while (queue.length === 0) {
            if (over) return;
            await read();
          }
          yield queue.shift()!;
        }
      } finally {
        queues.splice(queues.indexOf(queue), 1);
        if (--open === 0) await iterator.return?.();
      }
    },
  });
  return [branch(queues[0]!), branch(queues[1]!)];
}
