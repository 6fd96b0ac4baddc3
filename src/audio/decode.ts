// encoded bytes → Waveform

import { AudioFormatError } from '../core/errors.ts';
import { checkFinite } from './checkWaveform.ts';
import { decodeCompressed } from './compressed.ts';
import { decodeByPlatform, hasPlatformDecoder } from './platform.ts';
import { sniff } from './sniff.ts';
import { readWav } from './wav.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link decodeAudio}. */
export interface DecodeOptions {
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Rates that a recording can have; outside of them the header is damaged. */
const MIN_RATE = 1_000;
const MAX_RATE = 768_000;

/**
 * Decodes an audio file to mono samples at the file's own rate, channels averaged.
 *
 * WAV, FLAC, MP3 and Ogg Vorbis give the same samples everywhere. In a browser's window other formats (AAC, M4A, WebM,
 * Opus, …) go to its own decoder and come at 48 kHz. The format is told by the content. A file that is damaged or cut
 * short gives the samples that can still be decoded.
 *
 * @throws {AudioFormatError} when the bytes are not audio, of an unsupported format, hold no samples, or samples that are
 *   NaN or infinite
 *
 * @example
 * ```ts
 * const { samples, sampleRate } = await decodeAudio(await readFile('speech.flac'));
 * ```
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Waveform> {
  const { signal } = options;
  signal?.throwIfAborted();
  const waveform = await decode(bytes, signal);
  signal?.throwIfAborted();
  const { samples, sampleRate } = waveform;
  if (samples.length === 0)
    throw new AudioFormatError(`Cannot decode audio: found no samples in ${sniff(bytes).found}`);
  if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) {
    throw new AudioFormatError(
      `Cannot decode audio: found a sampling rate of ${sampleRate} Hz; ${MIN_RATE} to ${MAX_RATE} Hz are supported`,
    );
  }
  checkFinite('decode audio', samples);
  return waveform;
}

function decode(bytes: Uint8Array, signal: AbortSignal | undefined): Waveform | Promise<Waveform> {
  const { format, found } = sniff(bytes);
  if (format === 'wav') return readWav(bytes);
  if (format) return decodeCompressed(format, bytes, signal);
  if (bytes.length > 0 && hasPlatformDecoder()) return decodeByPlatform(bytes, found);
  throw new AudioFormatError(
    `Cannot decode audio: found ${found}; supported are WAV, FLAC, MP3 and Ogg Vorbis, and in a browser's window what ` +
      'it can play',
  );
}
