// bytes, their decoder → Waveform
//
// The sound comes piece by piece: the host has its turn between them, the work can be stopped, and only mono samples are held.

import { AudioFormatError } from '../core/errors.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { nextTask } from '../core/nextTask.ts';
import { isFloat32Array, isFloat64Array } from '../core/realm.ts';
import type { AudioDecoder, AudioPiece } from './audioDecoder.ts';
import type { LengthCheck } from './lengthCheck.ts';
import { mixDown } from './mixDown.ts';
import type { Waveform } from './waveform.ts';

/**
 * Decodes a file, channels averaged.
 *
 * @param checkLength called with the samples so far, or with as many as the decoder says will come
 * @returns what could be decoded of it, perhaps no samples
 * @throws {AudioFormatError} when the decoder fails, or there is too much sound
 */
export async function decodePieces(
  decoder: AudioDecoder,
  bytes: Uint8Array,
  checkLength: LengthCheck,
  signal?: AbortSignal | undefined,
): Promise<Waveform> {
  const parts: Float32Array[] = [];
  let whole: Float32Array | undefined; // of as many samples as the decoder says will come
  let length = 0;
  let sampleRate = 0;
  try {
    for await (const piece of decoder.decode(bytes)) {
      checkPiece(decoder, piece);
      const samples = mixDown(piece.channels);
      if (samples.length > 0) {
        if (length === 0) sampleRate = piece.sampleRate;
        checkRate(decoder, sampleRate, piece.sampleRate, length);
        checkLength(Math.max(length + samples.length, piece.totalSamples ?? 0), sampleRate);
        if (length === 0 && piece.totalSamples !== undefined) whole = new Float32Array(piece.totalSamples);
        if (whole && length + samples.length <= whole.length) whole.set(samples, length);
        else parts.push(samples);
        length += samples.length;
      }
      await nextTask();
      signal?.throwIfAborted();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof AudioFormatError) throw cause;
    throw new AudioFormatError(`Cannot decode audio: found damaged ${decoder.name}`, { cause });
  }
  if (!whole) return { samples: joinArrays(Float32Array, parts), sampleRate };
  if (parts.length === 0) return { samples: whole.subarray(0, length), sampleRate };
  const placed = parts.reduce((left, part) => left - part.length, length);
  return { samples: joinArrays(Float32Array, [whole.subarray(0, placed), ...parts]), sampleRate };
}

/** Holds that a file has one rate: of files that were joined, each may have its own. */
function checkRate({ name }: AudioDecoder, first: number, now: number, samples: number): void {
  if (now === first) return;
  throw new AudioFormatError(
    `Cannot decode audio: found ${name} of ${first} Hz and, from ${+(samples / first).toFixed(3)} seconds on, of ${now} Hz, ` +
      'as of files that were joined; one sampling rate is supported',
  );
}

/** Holds that a decoder gives sound: those of hosts may give anything. */
function checkPiece({ name }: AudioDecoder, piece: AudioPiece): void {
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
