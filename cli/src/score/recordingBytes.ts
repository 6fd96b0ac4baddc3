// where a recording is → its bytes, from any place on

import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ReadBytes } from './wavLayout.ts';

/** A recording that is open. */
export interface RecordingBytes {
  /** Without folders, for messages. */
  readonly name: string;
  /** Undefined where a server does not say. */
  readonly size: number | undefined;
  /** Another one where its bytes are others, as far as that can be told without reading them. */
  readonly version: string;
  /** Reads a part; missing where it can only be read from the beginning. */
  readonly read: ReadBytes | undefined;
  /** Reads all of it. */
  stream(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const PART = 2 ** 18;

/**
 * Opens a file, or what is at an address of the web.
 *
 * @throws as the system, or the server, has it
 */
export function openRecording(source: string, signal: AbortSignal): Promise<RecordingBytes> {
  return /^https?:\/\//.test(source) ? openAddress(source, signal) : openFile(source);
}

/** SHA-256, in hexadecimal digits. */
export async function hashOf(recording: RecordingBytes, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of recording.stream()) {
    signal.throwIfAborted();
    hash.update(part);
  }
  return hash.digest('hex');
}

async function openFile(path: string): Promise<RecordingBytes> {
  const { size, mtimeMs } = await stat(path);
  const file = await open(path);
  const read: ReadBytes = async (from, to) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  };
  return {
    ...{ name: basename(path), size, read },
    version: `${size} ${Math.floor(mtimeMs / 1000)}`, // file systems, and ways to them, round times
    async *stream() {
      for (let at = 0; ; ) {
        const part = await read(at, at + PART);
        if (part.length === 0) return;
        yield part;
        at += part.length;
      }
    },
    close: () => file.close(),
  };
}

async function openAddress(address: string, signal: AbortSignal): Promise<RecordingBytes> {
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(address, { headers, signal });
    if (response.ok && response.body) return response;
    await response.body?.cancel();
    throw new Error(`Cannot read ${address}: its server answers ${response.status} ${response.statusText}`);
  };
  const first = await ask({ range: 'bytes=0-0' });
  await first.body?.cancel();
  const tag = first.headers.get('etag');
  const total = Number(/\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1]);
  const isSeekable = first.status === 206 && Number.isSafeInteger(total) && tag !== null && !tag.startsWith('W/');
  const size = isSeekable ? total : Number(first.headers.get('content-length') ?? Number.NaN);
  return {
    name: basename(new URL(address).pathname) || address,
    size: isSeekable || first.status === 200 ? (Number.isSafeInteger(size) ? size : undefined) : undefined,
    version: `${tag ?? first.headers.get('last-modified') ?? ''} ${Number.isNaN(total) ? '' : total}`,
    read: isSeekable
      ? async (from, to) => {
          const end = Math.min(to, total);
          if (end <= from) return new Uint8Array(0);
          const response = await ask({ range: `bytes=${from}-${end - 1}`, 'if-match': tag });
          if (response.status !== 206 || response.headers.get('etag') !== tag) {
            await response.body?.cancel();
            throw new Error(`Cannot read ${address}: it has changed`);
          }
          return new Uint8Array(await response.arrayBuffer());
        }
      : undefined,
    async *stream() {
      yield* (await ask({})).body as unknown as AsyncIterable<Uint8Array>;
    },
    async close() {},
  };
}
