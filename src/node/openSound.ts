// path of a sound file → its bytes, read as they are needed

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shown } from '../core/check.ts';
import { AudioFormatError } from '../core/errors.ts';

/** A sound file, which is opened anew each time it is read. */
export interface SoundFile extends AsyncIterable<Uint8Array> {
  /** Its name, for errors. */
  readonly name: string;
  /** Its bytes. */
  readonly size: number;
}

/** Bytes that are read at a time. */
const PIECE = 2 ** 18;

/**
 * Opens a sound file for whatever takes audio: `classify`, `timeline`, `explain`, `stream`, `toWaveform`. It is read while it is
 * worked on, so that a recording of hours needs no more memory than a short one. Nothing is read before, and nothing stays open after.
 *
 * @param path of the file, or a `file:` URL
 * @throws {TypeError} when it is neither
 * @throws {AudioFormatError} when it is no file; as the system has it, when it cannot be found
 *
 * @example
 * ```ts
 * const segments = await classifier.timeline(await openSound('meeting.wav'));
 * ```
 */
export async function openSound(path: string | URL): Promise<SoundFile> {
  const file = toPath(path);
  const stats = await stat(file);
  if (stats.isDirectory()) {
    throw new AudioFormatError(`Cannot ${ACTION}: '${file}' must be a file, got a folder`, { file });
  }
  return {
    name: basename(file),
    size: stats.size,
    [Symbol.asyncIterator]: () => createReadStream(file, { highWaterMark: PIECE })[Symbol.asyncIterator](),
  };
}

const ACTION = 'open sound';

function toPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path;
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  throw new TypeError(`Cannot ${ACTION}: path must be a string or a file: URL, got ${shown(path)}`);
}
