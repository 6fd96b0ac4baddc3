// a compressed format → a decoder of it, ready
//
// The decoders are WebAssembly builds of mpg123, libFLAC and libvorbis with the binary inside the script, the same in
// Node and browsers, each loaded when the first file of its kind comes. What they skip as damaged they tell the console,
// of themselves.

import { AudioFormatError } from '../core/errors.ts';
import { webAssemblyRefusal } from '../core/webAssemblyRefusal.ts';
import type { DecodedFormat } from './sniff.ts';

/** Formats that are decoded by WebAssembly. */
export type CompressedFormat = Exclude<DecodedFormat, 'wav'>;

/** The samples of a piece of a file. */
export interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly bitDepth?: number | undefined;
}

/** What the three decoders have in common. */
export interface Decoder {
  /** Settles when the decoder can be used, and not at all where its WebAssembly is refused. */
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  /** Decodes whole frames instead of any part of a file, of decoders that can. */
  decodeFrames?(frames: Uint8Array[]): Decoded | Promise<Decoded>;
  /** What is still held back, of decoders that hold back. */
  flush?(): Promise<Decoded>;
  free(): void;
}

/** What the formats are called. */
export const NAMES: Readonly<Record<CompressedFormat, string>> = { mp3: 'MP3', flac: 'FLAC', vorbis: 'Ogg Vorbis' };

const DECODERS: Record<CompressedFormat, () => Promise<Decoder>> = {
  mp3: async () => new (await import('mpg123-decoder')).MPEGDecoder(),
  flac: async () => new (await import('@wasm-audio-decoders/flac')).FLACDecoder(),
  vorbis: async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
};

/**
 * A new decoder, which its user frees, unless it failed.
 *
 * @throws {AudioFormatError} where WebAssembly is refused
 */
export async function openDecoder(format: CompressedFormat): Promise<Decoder> {
  const cause = await webAssemblyRefusal();
  if (cause !== undefined) {
    throw new AudioFormatError(
      `Cannot decode audio: ${NAMES[format]} takes WebAssembly, which is refused here (a page's policy must have ` +
        "'wasm-unsafe-eval' in its script-src); WAV does not",
      { cause },
    );
  }
  const decoder = await DECODERS[format]();
  await decoder.ready;
  return decoder;
}
