// a WAVE format chunk → how samples are written
//
// RIFF and Sony's Wave64 have the same chunk.

import { AudioFormatError } from '../../core/errors.ts';
import type { SampleEncoding } from './sampleReader.ts';

/** What a format chunk says. */
export interface WaveFormat {
  /** By the format's tag: `integer`, `GSM 6.10`. */
  readonly encoding: string;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly bits: number;
  /** The chunk itself, which goes on as the encoding has it. */
  readonly chunk: Uint8Array;
}

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

/** What the chunk says; throws where it is too short to say it. */
export function readFormat(name: string, chunk: Uint8Array): WaveFormat {
  if (chunk.length < 16) {
    throw new AudioFormatError(`Cannot decode ${name}: found a damaged format chunk, which has ${chunk.length} bytes`);
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let tag = view.getUint16(0, true);
  if (tag === EXTENSIBLE && chunk.length >= 40) tag = view.getUint16(24, true); // the GUID begins with the real tag
  return {
    encoding: TAGS[tag] ?? `format ${tag}`,
    channels: view.getUint16(2, true),
    sampleRate: view.getUint32(4, true),
    // The block size at offset 12 is not looked at: where it disagrees with the bits it is wrong more often than they are.
    bits: view.getUint16(14, true),
    chunk,
  };
}

/** Whether samples are written one by one, without a codec. */
export function isPlain(encoding: string): encoding is SampleEncoding {
  return ['integer', 'float', 'A-law', 'µ-law'].includes(encoding);
}
