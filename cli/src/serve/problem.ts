// what went wrong → a status, and what the client is told

/** Something that a client is told, with the status it is told under. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The server cannot do it now, and may be able to soon. */
export const busy = (message: string) => new Problem(503, message, { 'retry-after': '1' });

/** The library's messages about arguments: `Cannot <action>: …`. Those of the engine have no action and no colon. */
const OF_ARGUMENTS = /^Cannot [\w ]+: /;

/**
 * What a client is told of an error: the library's own message where the sound or an option is at fault; of faults of the server no
 * more than that there is one.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { name, code, message = '' } = (error ?? {}) as { name?: string; code?: unknown; message?: string };
  if (code === 'AUDIO_FORMAT') return new Problem(message.includes('maxSeconds') ? 413 : 400, message);
  if (code === 'BACKEND') return busy('Cannot answer: the memory of the network is full');
  if ((name === 'RangeError' || name === 'TypeError') && OF_ARGUMENTS.test(message)) return new Problem(400, message);
  if (/its worker is gone/.test(message)) return busy('Cannot answer: the worker that did has ended, and is replaced');
  return new Problem(500, 'Cannot answer: the server has failed');
}
