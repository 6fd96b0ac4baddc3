// bytes of a NIST SPHERE file → pieces of sound
//
// What TIMIT, Switchboard and others of the Linguistic Data Consortium's corpora are in, often under the name of .wav.

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { pcmPieces } from './pcmPieces.ts';
import { SampleBytes } from './sampleBytes.ts';
import type { SampleEncoding } from './sampleReader.ts';
import { startsWith } from './startsWith.ts';

/** SPHERE: integers of either byte order, µ-law and A-law, not those that Shorten has compressed. */
export const sphere: AudioFormat = {
  name: 'NIST SPHERE',
  sniff: (bytes) => (startsWith(bytes, MAGIC) ? 'a NIST SPHERE file' : undefined),
  decode: decodeSphere,
};

const MAGIC = 'NIST_1A\n';
/** Bytes that a header has at most: a hundred times the usual. */
const MOST_HEADER = 2 ** 17;

const CODINGS: Readonly<Record<string, SampleEncoding>> = {
  pcm: 'integer',
  ulaw: 'µ-law',
  'mu-law': 'µ-law',
  mulaw: 'µ-law',
  alaw: 'A-law',
  'a-law': 'A-law',
};

async function* decodeSphere(reader: ByteReader): AsyncGenerator<AudioPiece, void> {
  const size = Number(
    text(await reader.ahead(16))
      .slice(8)
      .trim(),
  );
  if (!(Number.isInteger(size) && size >= 16 && size <= MOST_HEADER)) {
    throw new AudioFormatError('Cannot decode NIST SPHERE: found a damaged header, which does not say its size');
  }
  const fields = readFields(text(await reader.take(size)).slice(16));
  const coding = fields.get('sample_coding') ?? 'pcm';
  const encoding = CODINGS[coding.toLowerCase()];
  if (encoding === undefined) {
    const hint = /shorten|shortpack|wavpack/i.test(coding) ? ', which sph2pipe expands' : '';
    throw new AudioFormatError(
      `Cannot decode NIST SPHERE: found samples coded as '${coding}'${hint}; pcm, ulaw and alaw are supported`,
    );
  }
  const width = encoding === 'integer' ? number(fields, 'sample_n_bytes', 2) : 1;
  const channels = number(fields, 'channel_count', 1);
  const counted = channels * width * number(fields, 'sample_count', 0);
  yield* pcmPieces('NIST SPHERE', new SampleBytes(reader, counted || undefined), {
    encoding,
    bits: 8 * width,
    little: fields.get('sample_byte_format') !== '10',
    channels,
    sampleRate: number(fields, 'sample_rate', encoding === 'integer' ? 16_000 : 8000),
  });
}

/** Lines of name, type (-i, -r or -s and a length) and value, until end_head. */
function readFields(header: string): Map<string, string> {
  const [lines = ''] = header.split('end_head');
  const found = Array.from(lines.matchAll(/^(\w+) +-(?:i|r|s\d+) +(.*?)\s*$/gm));
  return new Map(found.map(([, name, value]) => [name!, value!]));
}

/** A whole number of a header. */
function number(fields: Map<string, string>, name: string, missing: number): number {
  const value = Math.round(Number(fields.get(name) ?? missing));
  if (value >= 0 && value < 2 ** 32 && (name !== 'channel_count' || value < 2 ** 16)) return value;
  throw new AudioFormatError(`Cannot decode NIST SPHERE: found ${name} ${fields.get(name)}`);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
