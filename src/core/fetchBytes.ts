// URL → its bytes, no more of them than are wanted

import { abortable } from './abortable.ts';
import { joinArrays } from './joinArrays.ts';

/** How much may come, of one file or of several together. */
export interface ByteBudget {
  /** Bytes that may still come. */
  left: number;
}

/**
 * Fetches a file's bytes, counting them as they come: a file that is declared or found to be too long is not read further.
 *
 * @param action for messages, e.g. `load the model`
 * @param budget what is fetched is taken from it
 * @throws {Error} when the URL cannot be fetched, answers anything but success, or has more than the budget allows; queries, which
 *   may hold keys, are not in the message
 * @throws the signal's reason when it aborts, in the middle of a body too
 */
export async function fetchBytes(
  action: string,
  url: URL,
  budget: ByteBudget,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const name = nameOf(url);
  const response = await orError(`Cannot ${action}: ${name} cannot be fetched`, signal, () =>
    fetch(url, signal ? { signal } : {}),
  );
  const tooLong = () => new RangeError(`Cannot ${action}: ${name} must not have more bytes than maxBytes allows`);
  const reader = response.body?.getReader();
  try {
    if (!response.ok) throw new Error(`Cannot ${action}: ${name} answered ${response.status} ${response.statusText}`);
    if (Number(response.headers.get('content-length')) > budget.left) throw tooLong();
    const parts: Uint8Array[] = [];
    while (reader) {
      const { done, value } = await orError(`Cannot ${action}: ${name} broke off`, signal, () =>
        abortable(reader.read(), signal),
      );
      if (done) break;
      budget.left -= value.length;
      if (budget.left < 0) throw tooLong();
      parts.push(value);
    }
    return joinArrays(Uint8Array, parts);
  } catch (error) {
    budget.left = -1; // so that files of the same budget end, too
    reader?.cancel(error).catch(() => {}); // its own failure no longer matters
    throw error;
  }
}

async function orError<T>(message: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`${message}: ${(cause as Error).message}`, { cause });
  }
}

/** A URL for messages: without its query, which may hold a key, and without the content of a `data:` URL. */
function nameOf({ protocol, origin, pathname, href }: URL): string {
  if (protocol === 'data:') return 'a data: URL';
  return origin === 'null' || protocol === 'blob:' ? href.replace(/[?#].*$/, '') : origin + pathname;
}
