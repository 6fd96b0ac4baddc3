// encoded bytes, in one or in pieces → what decoding them gives

import type { AudioFormat } from '../../src/audio/audioDecoder.ts';
import { decodePieces } from '../../src/audio/decodePieces.ts';
import type { EncodedSound } from '../../src/audio/encodedSound.ts';
import { soundPieces } from '../../src/audio/soundPieces.ts';
import { ByteReader } from '../../src/core/byteReader.ts';

/** All channels of a file, as numbers. */
export interface DecodedSound {
  readonly channels: number[][];
  readonly sampleRate: number;
}

/** Decodes whatever sound it is, all channels; they are not mixed. */
export function decodedSound(input: EncodedSound): Promise<DecodedSound> {
  return joined(soundPieces('decode audio', input, {}));
}

/** Decodes a file that is of a format, whatever its rate and length. */
export function decodedAs(format: AudioFormat, bytes: Uint8Array): Promise<DecodedSound> {
  return joined(decodePieces(format, new ByteReader(bytes), () => {}));
}

async function joined(pieces: ReturnType<typeof decodePieces>): Promise<DecodedSound> {
  const channels: number[][] = [];
  let sampleRate = 0;
  for await (const piece of pieces) {
    sampleRate = piece.sampleRate;
    for (const [i, samples] of piece.channels.entries()) {
      channels[i] ??= [];
      for (const sample of samples) channels[i].push(sample);
    }
  }
  return { channels, sampleRate };
}

/** A stream of bytes in pieces of some sizes, which come around again; 0 is an empty piece. */
export async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array, void> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield bytes.slice(at, at + size);
    at += size;
  }
}
