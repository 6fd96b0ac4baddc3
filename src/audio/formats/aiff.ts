// bytes of an AIFF or AIFF-C file → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { readChunks } from './chunks.ts';
import { pcmPieces } from './pcmPieces.ts';
import { SampleBytes } from './sampleBytes.ts';
import type { SampleEncoding } from './sampleReader.ts';
import { startsWith } from './startsWith.ts';

/** AIFF, and AIFF-C of integers in either byte order, floats, A-law and µ-law; chunks in any order. */
export const aiff: AudioFormat = {
  name: 'AIFF',
  sniff(bytes) {
    if (!startsWith(bytes, 'FORM')) return undefined;
    return startsWith(bytes, 'AIFF', 8) || startsWith(bytes, 'AIFC', 8) ? 'an AIFF file' : undefined;
  },
  decode: decodeAiff,
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

/** Bytes of the offset that samples may have, to begin where a disk's block does. */
const MOST_OFFSET = 2 ** 16;

async function* decodeAiff(reader: ByteReader): AsyncGenerator<AudioPiece, void> {
  const isCompressed = startsWith(await reader.take(12), 'AIFC', 8);
  const { before, claimed } = await readChunks(reader, { format: 'COMM', samples: 'SSND', order: 'big' });
  const common = before.get('COMM');
  if (!common)
    throw new AudioFormatError('Cannot decode AIFF: found no COMM chunk, which says how samples are written');
  const { size, content } = common;
  if (content.length < (isCompressed ? 22 : 18)) {
    throw new AudioFormatError(`Cannot decode AIFF: found a damaged COMM chunk, which claims ${size} bytes`);
  }
  const view = viewOf(content);
  const type = isCompressed ? String.fromCharCode(...content.subarray(18, 22)) : 'NONE';
  const [encoding, bits, little = false] = TYPES[type] ?? [];
  if (encoding === undefined) {
    throw new AudioFormatError(
      `Cannot decode AIFF: found samples of compression type '${type}'; ${Object.keys(TYPES).join(', ')} are supported`,
    );
  }
  if (claimed === undefined) {
    throw new AudioFormatError('Cannot decode AIFF: found no SSND chunk, which holds the samples');
  }
  yield* pcmPieces('AIFF', await samplesOf(reader, claimed), {
    encoding,
    bits: bits ?? view.getInt16(6),
    little,
    channels: view.getUint16(0),
    sampleRate: extended(view, 8),
  });
}

/** The samples, behind the offset and the block size that their chunk begins with. */
async function samplesOf(reader: ByteReader, claimed: number): Promise<SampleBytes> {
  const head = await reader.take(8);
  const bytes = new SampleBytes(reader, claimed < 8 || claimed === 0xffffffff ? undefined : claimed - 8, 'big');
  const offset = head.length < 8 ? 0 : viewOf(head).getUint32(0);
  const isOffset = offset > 0 && offset <= MOST_OFFSET && (await bytes.ahead(offset + 1)).length > offset;
  if (isOffset) await bytes.take(offset);
  return bytes;
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
