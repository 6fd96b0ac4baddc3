// bytes of a Sun/NeXT AU file → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { pcmPieces } from './pcmPieces.ts';
import { SampleBytes } from './sampleBytes.ts';
import type { SampleEncoding } from './sampleReader.ts';
import { startsWith } from './startsWith.ts';

/** AU (.au, .snd): µ-law, A-law, integers and floats; of either byte order, as DEC's machines wrote the other one. */
export const au: AudioFormat = {
  name: 'AU',
  sniff(bytes) {
    return startsWith(bytes, '.snd') || startsWith(bytes, 'dns.') ? 'a Sun/NeXT audio file (AU)' : undefined;
  },
  decode: decodeAu,
};

const ENCODINGS: Readonly<Record<number, readonly [SampleEncoding, number]>> = {
  1: ['µ-law', 8],
  2: ['integer', 8],
  3: ['integer', 16],
  4: ['integer', 24],
  5: ['integer', 32],
  6: ['float', 32],
  7: ['float', 64],
  27: ['A-law', 8],
};

const OTHERS: Readonly<Record<number, string>> = {
  23: 'G.721 ADPCM',
  24: 'G.722 ADPCM',
  25: 'G.723 ADPCM of 3 bits',
  26: 'G.723 ADPCM of 5 bits',
};

/** Bytes of the header's numbers. */
const HEADER = 24;

async function* decodeAu(reader: ByteReader): AsyncGenerator<AudioPiece, void> {
  const header = await reader.take(HEADER);
  if (header.length < HEADER) throw new AudioFormatError('Cannot decode AU: found a header that is cut short');
  const view = new DataView(header.buffer, header.byteOffset, HEADER);
  const little = startsWith(header, 'dns.');
  const [offset, size, code, sampleRate, channels] = [4, 8, 12, 16, 20].map((at) => view.getUint32(at, little)) as [
    ...[number, number, number, number, number],
  ];
  const [encoding, bits] = ENCODINGS[code] ?? [];
  if (encoding === undefined || bits === undefined) {
    throw new AudioFormatError(
      `Cannot decode AU: found ${OTHERS[code] ?? `encoding ${code}`}; ` +
        'integers of 8, 16, 24 and 32 bits, floats of 32 and 64, A-law and µ-law are supported',
    );
  }
  if (channels > MOST_CHANNELS) throw new AudioFormatError(`Cannot decode AU: found ${channels} channels`);
  await reader.skip(Math.max(0, offset - HEADER));
  const claimed = size === 0 || size === 0xffffffff ? undefined : size; // what writers to pipes leave
  yield* pcmPieces('AU', new SampleBytes(reader, claimed), { encoding, bits, little, channels, sampleRate });
}

/** As many as other formats can say there are. */
const MOST_CHANNELS = 2 ** 16 - 1;
