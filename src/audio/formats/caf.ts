// bytes of a Core Audio file of plain samples → pieces of sound

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { pcmPieces } from './pcmPieces.ts';
import type { SampleEncoding } from './sampleReader.ts';
import { startsWith } from './startsWith.ts';
import { wholly } from './wholly.ts';

/** CAF of integers, floats, A-law or µ-law; what else it can hold is left to the platform. */
export const caf: AudioFormat = {
  name: 'CAF',
  sniff(bytes) {
    const at = 0;
    if (!startsWith(bytes, 'caff\x00\x01', at) || !startsWith(bytes, 'desc', at + 8)) return undefined;
    return FORMATS.some((format) => startsWith(bytes, format, at + FORMAT)) ? 'a Core Audio file (CAF)' : undefined;
  },
  decode: wholly(decodeCaf),
};

const FORMATS = ['lpcm', 'ulaw', 'alaw'] as const;
/** Where the format's letters are: behind the file's header, that of its first chunk, and the rate. */
const FORMAT = 28;

function decodeCaf(bytes: Uint8Array): Iterable<AudioPiece> {
  const start = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  if (view.byteLength < 52) throw new AudioFormatError('Cannot decode CAF: found a header that is cut short');
  const flags = view.getUint32(32);
  const isFloat = (flags & 1) !== 0;
  const encoding: SampleEncoding = startsWith(bytes, 'ulaw', start + FORMAT)
    ? 'µ-law'
    : startsWith(bytes, 'alaw', start + FORMAT)
      ? 'A-law'
      : isFloat
        ? 'float'
        : 'integer';
  const channels = view.getUint32(44);
  if (channels >= 2 ** 16) throw new AudioFormatError(`Cannot decode CAF: found ${channels} channels`);
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const size = Number(view.getBigInt64(at + 4)); // −1, or 0 of samples, where the writer did not know
    const isData = startsWith(bytes, 'data', start + at);
    const isKnown = size >= (isData ? 4 : 0) && at + 12 + size <= view.byteLength;
    const end = isKnown ? at + 12 + size : view.byteLength;
    if (isData) {
      const samples = bytes.subarray(start + Math.min(end, at + 16), start + end); // behind the edit count
      const sampleRate = view.getFloat64(20);
      return pcmPieces('CAF', samples, {
        encoding,
        bits: view.getUint32(48),
        little: (flags & 2) !== 0,
        channels,
        sampleRate,
      });
    }
    at = end;
  }
  throw new AudioFormatError('Cannot decode CAF: found no data chunk');
}
