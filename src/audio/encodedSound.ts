// encoded sound as callers have it → its bytes, read as they are needed

import { type BytePieces, ByteReader } from '../core/byteReader.ts';
import { typeName } from '../core/check.ts';
import { isArrayBuffer, isFloat32Array, isUint8Array } from '../core/realm.ts';

/**
 * Encoded sound that comes piece by piece: Node's streams, the body of a response, what `openSound` of `speech-emotion/node` gives.
 * It is read once, from the beginning, and ended when no more of it is needed.
 */
export type ByteStream = (AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>) & {
  /** What it is called, for errors. */
  readonly name?: string | undefined;
  /** How many bytes there are, if it is known: how long the sound is can then often be told beforehand. */
  readonly size?: number | undefined;
};

/** Encoded sound: bytes in memory, a file of a browser, or a stream. */
export type EncodedSound = Uint8Array | ArrayBuffer | Blob | ByteStream;

/** An encoded file that is being read. */
export interface OpenedBytes {
  readonly reader: ByteReader;
  /** What it is called, if it has a name. */
  readonly file: string | undefined;
}

/** Bytes of a blob that are read at a time. */
const PIECE = 2 ** 20;

/**
 * Opens encoded sound; undefined where it is none, by its shape: objects may come from another realm.
 *
 * @param signal ends the waiting for bytes
 * @throws {TypeError} when its bytes are none: then, or while they are read
 */
export function openBytes(action: string, input: object, signal: AbortSignal | undefined): OpenedBytes | undefined {
  const file = 'name' in input && typeof input.name === 'string' && input.name !== '' ? input.name : undefined;
  const opened = (source: Uint8Array | BytePieces) => ({ reader: new ByteReader(source, signal), file });
  if (isUint8Array(input)) return opened(ownView(input));
  if (isArrayBuffer(input)) return opened(new Uint8Array(input));
  if (ArrayBuffer.isView(input)) return undefined;
  if ('arrayBuffer' in input) return opened(blobPieces(action, input as Blob));
  if (isByteStream(input)) return opened(streamPieces(action, input));
  return undefined;
}

/** The bytes as decoders take them: of this realm, and none that other threads can change. */
export function ownView(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return isArrayBuffer(buffer) ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
}

function blobPieces(action: string, blob: Blob): BytePieces {
  const read = async (part: Pick<Blob, 'arrayBuffer'>) => {
    const buffer = await part.arrayBuffer();
    if (isArrayBuffer(buffer)) return new Uint8Array(buffer);
    throw new TypeError(`Cannot ${action}: arrayBuffer() must give an ArrayBuffer, got ${typeName(buffer)}`);
  };
  if (typeof blob.slice !== 'function') return once(() => read(blob)); // a response, say
  let at = 0;
  return {
    size: blob.size,
    async next() {
      const from = at;
      at += PIECE;
      return from < blob.size ? read(blob.slice(from, at)) : undefined;
    },
    skip(count) {
      at += count;
    },
    end() {},
  };
}

function once(read: () => Promise<Uint8Array>): BytePieces {
  let isRead = false;
  return {
    async next() {
      if (isRead) return undefined;
      isRead = true;
      return read();
    },
    end() {},
  };
}

/** Whether an input is a stream of encoded sound, by its shape. */
export function isByteStream(input: object): input is ByteStream {
  return !('arrayBuffer' in input) && (Symbol.asyncIterator in input || 'getReader' in input);
}

/** The pieces of a stream. @throws {TypeError} while it is read, when it gives something else than bytes */
export function streamPieces(action: string, stream: ByteStream): BytePieces {
  const pieces = iterate(stream);
  return {
    size: Number.isSafeInteger(stream.size) ? stream.size : undefined,
    async next() {
      const { done, value } = (await pieces.next()) ?? {};
      if (done) return undefined;
      if (isUint8Array(value)) return ownView(value);
      const hint = isFloat32Array(value) ? ' (samples are a stream of their own, and need a sampleRate)' : '';
      throw new TypeError(`Cannot ${action}: a stream must give bytes (Uint8Array), got ${typeName(value)}${hint}`);
    },
    end() {
      void (async () => pieces.return?.())().catch(() => {}); // its own failure no longer matters
    },
  };
}

/** Ends a stream of encoded sound that is not going to be read. Whatever else it is is left alone. */
export function endUnread(input: unknown): void {
  if (typeof input !== 'object' || input === null || !isByteStream(input)) return;
  try {
    streamPieces('', input).end();
  } catch {
    // It is being read by somebody else, or is none: there is nothing to end.
  }
}

/** The pieces of a stream. Not all browsers can iterate over theirs. */
function iterate(stream: ByteStream): Pick<AsyncIterator<Uint8Array>, 'next' | 'return'> {
  if (Symbol.asyncIterator in stream) return stream[Symbol.asyncIterator]();
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
