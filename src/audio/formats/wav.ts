// bytes of a WAV file → pieces of sound
//
// An own reader and not mediabunny's (1.61), which reads what is in order just as well but takes sizes at their word:
// a recorder that was cut off, or that wrote to a pipe, leaves 0 in the RIFF header or the data chunk, and mediabunny
// then finds no chunks or no samples, where every player finds the recording.

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioDecoder, AudioPiece } from '../audioDecoder.ts';
import { startsWith } from './startsWith.ts';

/** What the `fmt ` chunk says of one sample. */
interface WavFormat {
  readonly channels: number;
  readonly sampleRate: number;
  /** Of one sample of one channel, as it is stored. */
  readonly bytes: number;
  readonly read: SampleReader;
}

type SampleReader = (view: DataView, offset: number) => number;

/** Samples of a piece, of all channels together: some 10 ms of work. */
const MOST_SAMPLES = 2 ** 20;

const SUPPORTED = '8, 16, 24 and 32 bit integers, 32 and 64 bit floats, A-law and µ-law are supported';

// Integers are left-justified in whole bytes (a 12-bit sample in two), 8 bits are unsigned: full scale is the bytes'.
const ENCODINGS: Record<string, Record<number, SampleReader>> = {
  integer: {
    1: (view, at) => (view.getUint8(at) - 128) / 2 ** 7,
    2: (view, at) => view.getInt16(at, true) / 2 ** 15,
    3: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23,
    4: (view, at) => view.getInt32(at, true) / 2 ** 31,
  },
  float: {
    4: (view, at) => view.getFloat32(at, true),
    8: (view, at) => view.getFloat64(at, true),
  },
  'A-law': { 1: (view, at) => expandALaw(view.getUint8(at)) / 2 ** 15 },
  'µ-law': { 1: (view, at) => expandMuLaw(view.getUint8(at)) / 2 ** 15 },
};

/** Format tags of RFC 2361, those that are read and the commoner ones that are not. */
const TAGS: Record<number, string> = {
  1: 'integer',
  2: 'Microsoft ADPCM',
  3: 'float',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG',
  85: 'MP3',
  255: 'AAC',
};
const EXTENSIBLE = 0xfffe;

/**
 * WAV: RIFF, RF64 or BW64 with integers of 8 to 32 bits, floats, A-law or µ-law, any rate and number of channels. Sizes in headers
 * are believed as far as the file goes: a data chunk of size 0 or 0xFFFFFFFF, as streaming recorders leave it, reaches to the end,
 * and an incomplete last frame is left out.
 */
export const wav: AudioDecoder = {
  name: 'WAV',
  sniff: (bytes) =>
    ['RIFF', 'RF64', 'BW64'].some((id) => startsWith(bytes, id)) && startsWith(bytes, 'WAVE', 8)
      ? 'a WAV file'
      : undefined,
  decode: decodeWav,
};

function* decodeWav(bytes: Uint8Array): Generator<AudioPiece> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: WavFormat | undefined;
  let longDataSize: number | undefined;
  for (const { id, start, size } of chunks(view, 12)) {
    if (id === 'ds64' && size >= 16 && start + 16 <= view.byteLength) {
      longDataSize = Number(view.getBigUint64(start + 8, true));
    } else if (id === 'fmt ') {
      format ??= readFormat(view, start, size);
    } else if (id === 'data') {
      if (!format) throw new AudioFormatError('Cannot decode WAV: found no format chunk before the samples');
      const { channels, bytes } = format;
      const length = Math.floor(dataSize(view, start, size, longDataSize) / (channels * bytes));
      yield* readSamples(view, start, length, format);
      return;
    }
  }
  throw new AudioFormatError(`Cannot decode WAV: found no ${format ? 'data' : 'format'} chunk, the file is cut short`);
}

function* chunks(view: DataView, from: number): Generator<{ id: string; start: number; size: number }> {
  for (let at = from; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    yield { id: fourLetters(view, at), start: at + 8, size };
    at += 8 + size + (size % 2);
  }
}

function dataSize(view: DataView, start: number, size: number, longDataSize: number | undefined): number {
  const rest = view.byteLength - start;
  if (size === 0xffffffff) return Math.min(rest, longDataSize || rest);
  if (size > 0) return Math.min(rest, size);
  // Size 0: samples of unknown number follow, or really none and then perhaps other chunks, which fit the file.
  let end = start;
  for (const chunk of chunks(view, start)) {
    if (!/^[\x20-\x7e]{4}$/.test(chunk.id)) return rest;
    end = chunk.start + chunk.size;
  }
  return end === view.byteLength || (end + 1 === view.byteLength && end > start) ? 0 : rest;
}

function readFormat(view: DataView, start: number, size: number): WavFormat {
  if (size < 16 || start + size > view.byteLength) {
    throw new AudioFormatError(`Cannot decode WAV: found a damaged format chunk, which claims ${size} bytes`);
  }
  let tag = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (tag === EXTENSIBLE && size >= 40) tag = view.getUint16(start + 24, true); // the GUID begins with the real tag
  // The block size at offset 12 is not looked at: where it disagrees with the bits it is wrong more often than they are.
  const bytes = Math.ceil(bits / 8);
  const encoding = TAGS[tag] ?? `format ${tag}`;
  const read = ENCODINGS[encoding]?.[bytes];
  if (!read) {
    throw new AudioFormatError(`Cannot decode WAV: found ${encoding} samples of ${bits} bits; ${SUPPORTED}`);
  }
  if (channels === 0) throw new AudioFormatError('Cannot decode WAV: found 0 channels');
  return { channels, sampleRate, bytes, read };
}

/** Channels are averaged here, in double precision and rounded once, so that pieces have one. */
function* readSamples(
  view: DataView,
  start: number,
  totalSamples: number,
  { channels, sampleRate, bytes, read }: WavFormat,
): Generator<AudioPiece> {
  const most = Math.max(1, Math.floor(MOST_SAMPLES / channels));
  let at = start;
  for (let done = 0; done < totalSamples; done += most) {
    const samples = new Float32Array(Math.min(most, totalSamples - done));
    for (let i = 0; i < samples.length; i++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++, at += bytes) sum += read(view, at);
      samples[i] = sum / channels;
    }
    yield { channels: [samples], sampleRate, totalSamples };
  }
}

/** G.711 A-law to 16 bits: sign, three bits of exponent, four of mantissa, even bits inverted. */
function expandALaw(code: number): number {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = ((value & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return value & 0x80 ? magnitude : -magnitude;
}

/** G.711 µ-law to 16 bits: the same with all bits inverted and a bias of 132. */
function expandMuLaw(code: number): number {
  const value = ~code & 0xff;
  const magnitude = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
  return value & 0x80 ? -magnitude : magnitude;
}

function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
