// bytes → standard output, or a file that is there whole or not at all

import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where what is written goes. */
export interface Sink {
  /** Waits until there is room for more. */
  write(data: string | Uint8Array): Promise<void>;
  /** All is written. */
  close(): Promise<void>;
  /** It did not come to a good end: nothing is left of a file. */
  discard(): Promise<void>;
}

/**
 * Standard output.
 *
 * @param beforeWrite makes room on the terminal
 */
export function toStandardOutput(beforeWrite: () => void = () => {}): Sink {
  const { stdout } = process;
  if (stdout.listenerCount('error') === 0) stdout.on('error', () => {}); // each write tells of its own
  return {
    write: (data) =>
      new Promise((done, fail) => {
        beforeWrite();
        stdout.write(data, (error) => (error ? fail(error) : done()));
      }),
    async close() {},
    async discard() {},
  };
}

/**
 * A file, whose folder is made where it is missing. It is written beside it, under another name, and takes its place on `close`: what
 * was there before stays until then, and who reads it never sees half of it.
 */
export async function toFile(path: string): Promise<Sink> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  const file = await open(part, 'w');
  let isOpen = true;
  const shut = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  const discard = async () => {
    await shut().catch(() => {});
    await rm(part, { force: true });
  };
  return {
    async write(data) {
      await file.writeFile(data); // goes on where the last one ended
    },
    async close() {
      try {
        await file.sync();
        await shut();
        await rename(part, path);
      } catch (error) {
        await discard();
        throw error;
      }
    },
    discard,
  };
}

/** Writes a file whole. */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  const sink = await toFile(path);
  try {
    await sink.write(content);
  } catch (error) {
    await sink.discard();
    throw error;
  }
  await sink.close();
}
