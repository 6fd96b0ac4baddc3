// a WAVE format chunk, the bytes of its samples → pieces of sound
//
// RIFF and Sony's Wave64 have the same chunk.

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioPiece } from '../audioDecoder.ts';
import { type BlockCodec, blockPieces } from './blockPieces.ts';
import { gsm } from './gsm.ts';
import { imaAdpcm } from './imaAdpcm.ts';
import { decodeMp3, findFrames } from './mp3.ts';
import { isMostlyFrames } from './mp3Frames.ts';
import { msAdpcm } from './msAdpcm.ts';
import { pcmPieces } from './pcmPieces.ts';
import type { SampleEncoding } from './sampleReader.ts';

/** Format tags of RFC 2361, those that are read and the commoner ones that are not. */
const TAGS: Record<number, string> = {
  1: 'integer',
  2: 'Microsoft ADPCM',
  3: 'float',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  20: 'G.723 ADPCM',
  34: 'TrueSpeech',
  49: 'GSM 6.10',
  64: 'G.721 ADPCM',
  66: 'G.723.1',
  69: 'G.726 ADPCM',
  80: 'MPEG',
  85: 'MP3',
  100: 'G.726 ADPCM',
  101: 'G.722 ADPCM',
  131: 'G.729',
  255: 'AAC',
  353: 'Windows Media',
  354: 'Windows Media',
  8192: 'AC-3',
  41225: 'Speex',
};
const EXTENSIBLE = 0xfffe;

const SUPPORTED =
  '8, 16, 24 and 32 bit integers, 32 and 64 bit floats, A-law, µ-law, IMA and Microsoft ADPCM of 4 bits, GSM 6.10 and MP3 are supported';

/**
 * The sound of samples of whatever the format chunk says.
 *
 * @param name of the file's format, for messages
 * @param format the chunk's content
 * @param samples the bytes of the samples, nothing else
 * @param counted samples a channel, where the file says: codecs pad
 * @throws {AudioFormatError} when the chunk is damaged, or says what cannot be decoded
 */
export function wavePieces(
  name: string,
  format: Uint8Array,
  samples: Uint8Array,
  counted?: number | undefined,
): Iterable<AudioPiece> | AsyncIterable<AudioPiece> {
  const { encoding, channels, sampleRate, bits } = readFormat(name, format);
  const mayBeMp3 = encoding === 'MP3' || encoding === 'MPEG';
  if (mayBeMp3 ? findFrames(samples) >= 0 : isMostlyFrames(samples, 0)) return decodeMp3(samples);
  if (isPcm(encoding)) {
    const unsigned = encoding === 'integer' && bits > 0 && bits <= 8;
    const written = unsigned ? 'unsigned integer' : encoding;
    return pcmPieces(name, samples, { encoding: written, bits, little: true, channels, sampleRate });
  }
  const codec = blockCodec(encoding, format);
  if (!codec) {
    throw new AudioFormatError(`Cannot decode ${name}: found ${encoding} samples of ${bits} bits; ${SUPPORTED}`);
  }
  if (channels === 0) throw new AudioFormatError(`Cannot decode ${name}: found 0 channels`);
  if (codec.samplesIn(codec.blockBytes) === 0) {
    throw new AudioFormatError(
      `Cannot decode ${name}: found blocks of ${codec.blockBytes} bytes, which hold no samples`,
    );
  }
  return blockPieces(samples, codec, counted);
}

/** What the chunk says; throws where it is too short to say it. */
export function readFormat(
  name: string,
  format: Uint8Array,
): { encoding: string; channels: number; sampleRate: number; bits: number } {
  if (format.length < 16) {
    throw new AudioFormatError(`Cannot decode ${name}: found a damaged format chunk, which has ${format.length} bytes`);
  }
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  let tag = view.getUint16(0, true);
  if (tag === EXTENSIBLE && format.length >= 40) tag = view.getUint16(24, true); // the GUID begins with the real tag
  return {
    encoding: TAGS[tag] ?? `format ${tag}`,
    channels: view.getUint16(2, true),
    sampleRate: view.getUint32(4, true),
    // The block size at offset 12 is not looked at: where it disagrees with the bits it is wrong more often than they are.
    bits: view.getUint16(14, true),
  };
}

function isPcm(encoding: string): encoding is SampleEncoding {
  return ['integer', 'float', 'A-law', 'µ-law'].includes(encoding);
}

function blockCodec(encoding: string, format: Uint8Array): BlockCodec | undefined {
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  const { channels, sampleRate, bits } = readFormat('', format);
  const blockBytes = view.getUint16(12, true);
  if (encoding === 'GSM 6.10' && channels <= 1) return gsm(sampleRate);
  if (bits !== 4) return undefined;
  if (encoding === 'IMA ADPCM') return imaAdpcm(channels, sampleRate, blockBytes);
  if (encoding !== 'Microsoft ADPCM') return undefined;
  const pairs = format.length >= 22 ? view.getUint16(20, true) : 0;
  if (pairs === 0 || format.length < 22 + 4 * pairs) return msAdpcm(channels, sampleRate, blockBytes);
  const coefficients = Array.from(
    { length: pairs },
    (_, i) => [view.getInt16(22 + 4 * i, true), view.getInt16(24 + 4 * i, true)] as const,
  );
  return msAdpcm(channels, sampleRate, blockBytes, coefficients);
}
