// an encoded file, its format → pieces of sound, checked
//
// The sound comes piece by piece: the host has its turn between them, the work can be stopped, and nothing but a piece is held.

import type { ByteReader } from '../core/byteReader.ts';
import { AudioFormatError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { isFloat32Array, isFloat64Array } from '../core/realm.ts';
import type { AudioFormat, AudioPiece } from './audioDecoder.ts';
import { type LengthCheck, MAX_RATE, MIN_RATE } from './lengthCheck.ts';

/**
 * Decodes a file.
 *
 * @param checkLength called with the samples so far, or with as many as the format says will come
 * @returns pieces of one rate, none of them empty; perhaps none
 * @throws {AudioFormatError} when decoding fails, the rate is none or changes, or there is too much sound
 */
export async function* decodePieces(
  format: AudioFormat,
  reader: ByteReader,
  checkLength: LengthCheck,
  signal?: AbortSignal | undefined,
): AsyncGenerator<AudioPiece, void, undefined> {
  let length = 0;
  let sampleRate = 0;
  try {
    for await (const piece of format.decode(reader)) {
      checkPiece(format, piece);
      const samples = piece.channels[0]?.length ?? 0;
      if (samples > 0) {
        if (length === 0) sampleRate = piece.sampleRate;
        checkRate(format, sampleRate, piece.sampleRate, length);
        checkLength(Math.max(length + samples, piece.totalSamples ?? 0), sampleRate);
        length += samples;
        yield piece;
      }
      await nextTask();
      signal?.throwIfAborted();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (reader.failure) throw reader.failure.error;
    if (cause instanceof AudioFormatError) throw cause;
    throw new AudioFormatError(`Cannot decode audio: found damaged ${format.name}`, { cause });
  }
}

/** Holds that a file has one rate: of files that were joined, each may have its own. */
function checkRate({ name }: AudioFormat, first: number, now: number, samples: number): void {
  if (!(first >= MIN_RATE && first <= MAX_RATE)) {
    throw new AudioFormatError(
      `Cannot decode audio: found a sampling rate of ${first} Hz; ${MIN_RATE} to ${MAX_RATE} Hz are supported`,
    );
  }
  if (now === first) return;
  throw new AudioFormatError(
    `Cannot decode audio: found ${name} of ${first} Hz and, from ${+(samples / first).toFixed(3)} seconds on, of ${now} Hz, ` +
      'as of files that were joined; one sampling rate is supported',
  );
}

/** Holds that a decoder gives sound: those of hosts may give anything. */
function checkPiece({ name }: AudioFormat, piece: AudioPiece): void {
  const { channels, sampleRate } = piece ?? {};
  if (
    !Array.isArray(channels) ||
    !channels.every((channel) => isFloat32Array(channel) || isFloat64Array(channel)) ||
    typeof sampleRate !== 'number'
  ) {
    throw new TypeError(
      `Cannot decode audio: the decoder of ${name} must give { channels: Float32Array[], sampleRate }`,
    );
  }
  if (channels.some((channel) => channel.length !== channels[0]!.length)) {
    throw new RangeError(`Cannot decode audio: the decoder of ${name} must give channels of one length`);
  }
}
