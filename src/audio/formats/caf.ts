// bytes of a Core Audio file of plain samples → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { pcmPieces } from './pcmPieces.ts';
import { SampleBytes } from './sampleBytes.ts';
import type { SampleEncoding } from './sampleReader.ts';
import { startsWith } from './startsWith.ts';

/** CAF of integers, floats, A-law or µ-law; what else it can hold is left to the platform. */
export const caf: AudioFormat = {
  name: 'CAF',
  sniff(bytes) {
    if (!startsWith(bytes, 'caff\x00\x01') || !startsWith(bytes, 'desc', 8)) return undefined;
    return FORMATS.some((format) => startsWith(bytes, format, FORMAT)) ? 'a Core Audio file (CAF)' : undefined;
  },
  decode: decodeCaf,
};

const FORMATS = ['lpcm', 'ulaw', 'alaw'] as const;
/** Where the format's letters are: behind the file's header, that of its first chunk, and the rate. */
const FORMAT = 28;

/** Bytes up to the end of the description of the samples. */
const HEADER = 52;

async function* decodeCaf(reader: ByteReader): AsyncGenerator<AudioPiece, void> {
  const header = await reader.ahead(HEADER);
  if (header.length < HEADER) throw new AudioFormatError('Cannot decode CAF: found a header that is cut short');
  const view = viewOf(header);
  const flags = view.getUint32(32);
  const [, encoding = flags & 1 ? 'float' : 'integer'] = LAWS.find(([id]) => startsWith(header, id, FORMAT)) ?? [];
  const channels = view.getUint32(44);
  if (channels >= 2 ** 16) throw new AudioFormatError(`Cannot decode CAF: found ${channels} channels`);
  await reader.skip(8);
  yield* pcmPieces('CAF', await findSamples(reader), {
    encoding,
    bits: view.getUint32(48),
    little: (flags & 2) !== 0,
    channels,
    sampleRate: view.getFloat64(20),
  });
}

const LAWS: readonly (readonly [string, SampleEncoding])[] = [
  ['ulaw', 'µ-law'],
  ['alaw', 'A-law'],
];

/** The samples, in the first chunk of data, behind its edit count. */
async function findSamples(reader: ByteReader): Promise<SampleBytes> {
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const head = await reader.take(12);
    if (head.length < 12) break;
    const size = Number(viewOf(head).getBigInt64(4)); // −1, or 0 of samples, where the writer did not know
    if (startsWith(head, 'data')) {
      await reader.skip(4);
      return new SampleBytes(reader, size < 4 ? undefined : size - 4);
    }
    if (size < 0) break;
    await reader.skip(size);
  }
  throw new AudioFormatError('Cannot decode CAF: found no data chunk');
}

/** Chunks before the samples: a forged file has any number. */
const MOST_CHUNKS = 4096;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
