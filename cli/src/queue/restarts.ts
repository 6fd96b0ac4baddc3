// something asked of a server → its answer, though the server is started again meanwhile

import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds that a server may be away, and between two questions. */
const MOST_AWAY = 30_000;
const PAUSE = 500;

/** What Node says of connections that are lost or refused, and PostgreSQL of a server that stops or starts (57P01 to 57P03, 08…). */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-3]|08\w{3})$/;
/** Of a connection that ends without a code. */
const ENDED = /^Connection terminated/;

/**
 * Asks again while the server is away, for half a minute.
 *
 * @param ask may be asked twice: the server may have done what it could not answer any more
 */
export async function despiteRestarts<T>(ask: () => Promise<T>): Promise<T> {
  for (const first = performance.now(); ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error) || performance.now() - first > MOST_AWAY) throw error;
      await wait(PAUSE);
    }
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message, cause } = error as NodeJS.ErrnoException;
  return AWAY.test(code ?? '') || ENDED.test(message) || isAway(cause);
}
