// bytes of an MP3, FLAC or Ogg Vorbis file → Waveform

import { AudioFormatError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { type CompressedFormat, type Decoded, type Decoder, NAMES, openDecoder } from './decoders.ts';
import { flacFrames } from './flacFrames.ts';
import type { LengthCheck } from './lengthCheck.ts';
import { mixDown } from './mixDown.ts';
import { isOggPage, pieces } from './pieces.ts';
import type { Waveform } from './waveform.ts';

/**
 * Decodes a compressed file, channels averaged, piece by piece: the host has its turn between them, the work can be stopped, and
 * only mono samples are held.
 *
 * @returns what could be decoded of it, perhaps no samples
 * @throws {AudioFormatError} when the decoder fails, WebAssembly is refused, or there is too much sound
 */
export async function decodeCompressed(
  format: CompressedFormat,
  bytes: Uint8Array,
  checkLength: LengthCheck,
  signal: AbortSignal | undefined,
): Promise<Waveform> {
  const decoder = await openDecoder(format);
  const parts: Float32Array[] = [];
  let length = 0;
  let sampleRate = 0;
  try {
    for await (const decoded of decode(decoder, format, bytes)) {
      if (decoded.samplesDecoded > 0) {
        sampleRate = decoded.sampleRate;
        length += decoded.samplesDecoded;
        checkLength(length, sampleRate);
        if (format === 'flac') rescaleFlac(decoded);
        parts.push(mixDown(decoded.channelData));
      }
      await nextTask();
      signal?.throwIfAborted();
    }
    // A forged file can upset a decoder's memory (0.2.11 of FLAC's frees some twice), so that this traps. A decoder that failed is
    // not touched again: it shares nothing, and its memory goes with it.
    decoder.free();
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof AudioFormatError) throw cause;
    throw new AudioFormatError(`Cannot decode audio: found damaged ${NAMES[format]}`, { cause });
  }
  return { samples: concatenate(parts), sampleRate };
}

/** What a decoder gives of a file, piece by piece. */
async function* decode(decoder: Decoder, format: CompressedFormat, bytes: Uint8Array): AsyncGenerator<Decoded> {
  if (format === 'flac' && !isOggPage(bytes, 0)) {
    for (const frames of flacFrames(bytes)) yield decoder.decodeFrames!(frames);
    return;
  }
  for (const piece of pieces(format, bytes)) yield decoder.decode(piece);
  if (decoder.flush) yield decoder.flush();
}

/**
 * Puts FLAC samples on the scale of every other format, so that a FLAC gives exactly what its WAV does: the decoder
 * (0.2.11) divides 16-bit integers by 32767, all else here divides by 32768.
 */
function rescaleFlac({ channelData, bitDepth = 16 }: Decoded): void {
  const fullScale = 2 ** (bitDepth - 1);
  for (const channel of channelData) {
    for (let i = 0; i < channel.length; i++) channel[i] = Math.round(channel[i]! * (fullScale - 1)) / fullScale;
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
