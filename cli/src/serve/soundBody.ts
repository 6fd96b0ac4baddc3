// a request → the sound in its body, as the classifier asks for it

import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

/** What bounds a body. */
export interface BodyBounds {
  readonly maxBytes: number;
  /** How long the client may send nothing while its sound is waited for. */
  readonly idleSeconds: number;
  /** Called before the first byte is read. */
  readonly onRead: () => void;
  /** Called when there is too much, or nothing comes. */
  readonly fail: (problem: Problem) => void;
}

/** A body that is read once, as far as the decoder reads it. */
export interface SoundBody extends AsyncIterable<Uint8Array> {
  readonly size: number | undefined;
}

/** Types of bodies that cannot be a file; `application/x-www-form-urlencoded` is what curl calls whatever it sends. */
const NO_FILE = /^(multipart\/|application\/json|text\/)/i;

/**
 * The sound in a request. What is not needed of it stays unread.
 *
 * @throws {Problem} when the headers say that it is too large, or no file
 */
export function soundBody(request: IncomingMessage, bounds: BodyBounds): SoundBody {
  const { 'content-type': type = '', 'content-encoding': coding, 'content-length': length } = request.headers;
  if (NO_FILE.test(type)) {
    throw new Problem(415, `Cannot read the body: it must be the sound file itself, as it is, got ${type}`);
  }
  if (coding !== undefined && coding !== 'identity') {
    throw new Problem(415, `Cannot read the body: it must have no Content-Encoding, got ${coding}`);
  }
  const size = length === undefined ? undefined : Number(length);
  if (size !== undefined && size > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
  return { size, [Symbol.asyncIterator]: () => piecesOf(request, bounds) };
}

async function* piecesOf(
  request: IncomingMessage,
  { maxBytes, idleSeconds, onRead, fail }: BodyBounds,
): AsyncGenerator<Uint8Array, void, undefined> {
  onRead();
  // The connection is still needed for the answer, so that leaving the loop must not end it.
  const pieces = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  let bytes = 0;
  for (;;) {
    const timer = setTimeout(() => fail(new Problem(408, 'Cannot read the body: nothing comes')), 1000 * idleSeconds);
    const { done, value } = await pieces.next().finally(() => clearTimeout(timer));
    if (done) return;
    bytes += value.length;
    if (bytes > maxBytes) {
      const problem = tooLarge(maxBytes);
      fail(problem);
      throw problem;
    }
    yield value;
  }
}

const tooLarge = (maxBytes: number) => new Problem(413, `Cannot read the body: it must be at most ${maxBytes} bytes`);
