// bytes of an AIFF or AIFF-C file → pieces of sound

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { type Chunk, chunks, endOfSamples, findChunk } from './chunks.ts';
import { pcmPieces } from './pcmPieces.ts';
import type { SampleEncoding } from './sampleReader.ts';
import { startsWith } from './startsWith.ts';
import { wholly } from './wholly.ts';

/** AIFF, and AIFF-C of integers in either byte order, floats, A-law and µ-law; chunks in any order. */
export const aiff: AudioFormat = {
  name: 'AIFF',
  sniff(bytes) {
    if (!startsWith(bytes, 'FORM')) return undefined;
    return startsWith(bytes, 'AIFF', 8) || startsWith(bytes, 'AIFC', 8) ? 'an AIFF file' : undefined;
  },
  decode: wholly(decodeAiff),
};

/** Compression types that are read: encoding, bits where they are not those of the header, whether the lowest byte comes first. */
const TYPES: Readonly<Record<string, readonly [SampleEncoding, (number | undefined)?, boolean?]>> = {
  NONE: ['integer'],
  twos: ['integer'],
  sowt: ['integer', undefined, true],
  'raw ': ['unsigned integer', 8],
  in24: ['integer', 24],
  in32: ['integer', 32],
  '42ni': ['integer', 24, true],
  '23ni': ['integer', 32, true],
  fl32: ['float', 32],
  FL32: ['float', 32],
  fl64: ['float', 64],
  FL64: ['float', 64],
  ulaw: ['µ-law', 8],
  ULAW: ['µ-law', 8],
  alaw: ['A-law', 8],
  ALAW: ['A-law', 8],
};

function decodeAiff(bytes: Uint8Array): Iterable<AudioPiece> {
  const from = 12;
  const common = find(bytes, 'COMM', from);
  if (!common)
    throw new AudioFormatError('Cannot decode AIFF: found no COMM chunk, which says how samples are written');
  const isCompressed = startsWith(bytes, 'AIFC', from - 4);
  const needed = isCompressed ? 22 : 18;
  if (common.size < needed || common.start + needed > bytes.length) {
    throw new AudioFormatError(`Cannot decode AIFF: found a damaged COMM chunk, which claims ${common.size} bytes`);
  }
  const view = viewOf(bytes);
  const type = isCompressed ? String.fromCharCode(...bytes.subarray(common.start + 18, common.start + 22)) : 'NONE';
  const [encoding, bits, little = false] = TYPES[type] ?? [];
  if (encoding === undefined) {
    throw new AudioFormatError(
      `Cannot decode AIFF: found samples of compression type '${type}'; ${Object.keys(TYPES).join(', ')} are supported`,
    );
  }
  return pcmPieces('AIFF', samplesOf(bytes, from), {
    encoding,
    bits: bits ?? view.getInt16(common.start + 6),
    little,
    channels: view.getUint16(common.start),
    sampleRate: extended(view, common.start + 8),
  });
}

/** The first chunk of a kind, where sizes lead or its letters are. */
function find(bytes: Uint8Array, id: string, from: number): Chunk | undefined {
  const view = viewOf(bytes);
  for (const chunk of chunks(view, from, false)) if (chunk.id === id) return chunk;
  const at = findChunk(bytes, id, from);
  return at < 0 ? undefined : { id, start: at + 8, size: view.getUint32(at + 4) };
}

/** The bytes of the samples, behind the offset and the block size that their chunk begins with. */
function samplesOf(bytes: Uint8Array, from: number): Uint8Array {
  const chunk = find(bytes, 'SSND', from);
  if (!chunk) throw new AudioFormatError('Cannot decode AIFF: found no SSND chunk, which holds the samples');
  const view = viewOf(bytes);
  const { start, size } = chunk;
  if (start + 8 > bytes.length) return bytes.subarray(bytes.length);
  const first = start + 8;
  const isKnown = size > 8 && start + size <= bytes.length;
  const end = isKnown || size === 8 ? start + size : endOfSamples(view, first, false);
  const offset = view.getUint32(start);
  return bytes.subarray(Math.min(end, first + (offset < end - first ? offset : 0)), end);
}

/** A number of 80 bits, as the 68881 had them: sign and exponent, then 64 bits with the leading one. */
function extended(view: DataView, at: number): number {
  const exponent = view.getUint16(at) & 0x7fff;
  const mantissa = view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6);
  return mantissa * 2 ** (exponent - 16_383 - 63);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
