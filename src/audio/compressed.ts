// bytes of an MP3, FLAC or Ogg Vorbis file → Waveform
//
// The decoders are WebAssembly builds of mpg123, libFLAC and libvorbis with the binary inside the script, the same in
// Node and browsers, each loaded when the first file of its kind comes. They are fed in pieces, so that a long file
// can be stopped and only its mono samples are held. What they skip as damaged they tell the console, of themselves.

import { AudioFormatError } from '../core/errors.ts';
import { mixDown } from './mixDown.ts';
import type { DecodedFormat } from './sniff.ts';
import type { Waveform } from './waveform.ts';

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly bitDepth?: number;
}

/** What the three decoders have in common. */
interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  /** What is still held back, of decoders that hold back. */
  flush?(): Promise<Decoded>;
  free(): void;
}

const DECODERS: Record<Exclude<DecodedFormat, 'wav'>, () => Promise<Decoder>> = {
  mp3: async () => new (await import('mpg123-decoder')).MPEGDecoder(),
  flac: async () => new (await import('@wasm-audio-decoders/flac')).FLACDecoder(),
  vorbis: async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
};

const NAMES = { mp3: 'MP3', flac: 'FLAC', vorbis: 'Ogg Vorbis' } as const;

/** Bytes a piece: over a minute of compressed speech, well under a second of work. */
const PIECE = 2 ** 20;

/**
 * Decodes a compressed file, channels averaged.
 *
 * @returns what could be decoded of it, perhaps no samples
 * @throws {AudioFormatError} when the decoder fails
 */
export async function decodeCompressed(
  format: Exclude<DecodedFormat, 'wav'>,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Waveform> {
  const decoder = await DECODERS[format]();
  await decoder.ready;
  const pieces: Float32Array[] = [];
  let sampleRate = 0;
  const keep = (decoded: Decoded) => {
    if (decoded.samplesDecoded === 0) return;
    sampleRate = decoded.sampleRate;
    if (format === 'flac') rescaleFlac(decoded);
    pieces.push(mixDown(decoded.channelData));
  };
  try {
    for (let at = 0; at < bytes.length; at += PIECE) {
      if (at > 0) await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      keep(await decoder.decode(bytes.subarray(at, at + PIECE)));
    }
    if (decoder.flush) keep(await decoder.flush());
  } catch (cause) {
    signal?.throwIfAborted();
    throw new AudioFormatError(`Cannot decode audio: found damaged ${NAMES[format]}`, { cause });
  } finally {
    decoder.free();
  }
  return { samples: concatenate(pieces), sampleRate };
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

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
