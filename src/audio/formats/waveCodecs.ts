// a WAVE format chunk of a codec, the bytes of its samples → pieces of sound
//
// What people have in WAV beside plain samples, loaded when the first such file comes.

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioPiece, AudioPieces } from '../audioDecoder.ts';
import { beginnings } from './beginnings.ts';
import { type BlockCodec, blockPieces } from './blockPieces.ts';
import { gsm } from './gsm.ts';
import { imaAdpcm } from './imaAdpcm.ts';
import { findFrames, mp3 } from './mp3.ts';
import { isMostlyFrames } from './mp3Frames.ts';
import { msAdpcm } from './msAdpcm.ts';
import type { SampleBytes } from './sampleBytes.ts';
import type { WaveFormat } from './waveFormat.ts';

const SUPPORTED =
  '8, 16, 24 and 32 bit integers, 32 and 64 bit floats, A-law, µ-law, IMA and Microsoft ADPCM of 4 bits, GSM 6.10 and MP3 are supported';

/** Bytes that are all frames where samples are MP3 that are said to be something else. */
const MOST_FRAMES = 2 ** 14;

/** Whether there are frames of MP3 in bytes that are no WAV file. */
export function holdsMp3(bytes: Uint8Array): boolean {
  return findFrames(bytes) >= 0;
}

/** Whether samples that are said to be MP3 are. */
export async function isMp3(samples: SampleBytes): Promise<boolean> {
  for await (const { bytes, isAll } of beginnings(samples)) if (findFrames(bytes, isAll) >= 0) return true;
  return false;
}

/** Whether samples that are said to be something else are MP3. */
export async function isNothingButMp3(samples: SampleBytes): Promise<boolean> {
  return isMostlyFrames(await samples.ahead(MOST_FRAMES), 0);
}

/** The sound of MP3. */
export function mp3Pieces(reader: ByteReader): AudioPieces {
  return mp3.decode(reader);
}

/**
 * The sound of samples of a codec.
 *
 * @param name of the file's format, for messages
 * @param counted samples a channel, where the file says: codecs pad
 * @throws {AudioFormatError} when the format chunk says what cannot be decoded
 */
export async function* codedPieces(
  name: string,
  format: WaveFormat,
  samples: SampleBytes,
  counted: number | undefined,
): AsyncGenerator<AudioPiece, void> {
  const { encoding, channels, bits } = format;
  const codec = blockCodec(format);
  if (!codec) {
    throw new AudioFormatError(`Cannot decode ${name}: found ${encoding} samples of ${bits} bits; ${SUPPORTED}`);
  }
  if (channels === 0) throw new AudioFormatError(`Cannot decode ${name}: found 0 channels`);
  if (codec.samplesIn(codec.blockBytes) === 0) {
    throw new AudioFormatError(
      `Cannot decode ${name}: found blocks of ${codec.blockBytes} bytes, which hold no samples`,
    );
  }
  yield* blockPieces(samples, codec, counted);
}

function blockCodec({ encoding, channels, sampleRate, bits, chunk }: WaveFormat): BlockCodec | undefined {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const blockBytes = view.getUint16(12, true);
  if (encoding === 'GSM 6.10' && channels <= 1) return gsm(sampleRate);
  if (bits !== 4) return undefined;
  if (encoding === 'IMA ADPCM') return imaAdpcm(channels, sampleRate, blockBytes);
  if (encoding !== 'Microsoft ADPCM') return undefined;
  const pairs = chunk.length >= 22 ? view.getUint16(20, true) : 0;
  if (pairs === 0 || chunk.length < 22 + 4 * pairs) return msAdpcm(channels, sampleRate, blockBytes);
  const coefficients = Array.from(
    { length: pairs },
    (_, i) => [view.getInt16(22 + 4 * i, true), view.getInt16(24 + 4 * i, true)] as const,
  );
  return msAdpcm(channels, sampleRate, blockBytes, coefficients);
}
