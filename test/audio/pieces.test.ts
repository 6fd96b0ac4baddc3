// Oracles: the decoders given a file in one go; the file itself, as its pieces make it up.

import { readFileSync } from 'node:fs';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import fc from 'fast-check';
import { MPEGDecoder } from 'mpg123-decoder';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { oggFlacPieces } from '../../src/audio/formats/flac.ts';
import { slices } from '../../src/audio/formats/slices.ts';
import { vorbisPieces } from '../../src/audio/formats/vorbis.ts';
import { AudioFormatError } from '../../src/core/errors.ts';

/** How each format is cut, and what decodes it. */
const FORMATS = {
  flac: { pieces: oggFlacPieces, open: () => new FLACDecoder() },
  mp3: { pieces: slices, open: () => new MPEGDecoder() },
  vorbis: { pieces: vorbisPieces, open: () => new OggVorbisDecoder() },
};
type Format = keyof typeof FORMATS;

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const repeated = (bytes: Uint8Array, times: number) =>
  Uint8Array.from({ length: times * bytes.length }, (_, i) => bytes[i % bytes.length]!);
const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** All that a decoder gives of some pieces, channel by channel. */
async function decoded(format: Format, parts: Iterable<Uint8Array>): Promise<number[][]> {
  const decoder = FORMATS[format].open();
  await decoder.ready;
  const channels: number[][] = [];
  const keep = ({ channelData, samplesDecoded }: { channelData: readonly Float32Array[]; samplesDecoded: number }) => {
    if (samplesDecoded === 0) return;
    for (const [i, samples] of channelData.entries()) {
      channels[i] ??= [];
      for (const sample of samples) channels[i].push(sample);
    }
  };
  for (const part of parts) keep(await decoder.decode(part));
  if ('flush' in decoder) keep(await decoder.flush());
  decoder.free();
  return channels;
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // decoders tell of each damaged frame
});

describe('pieces', () => {
  it.each<[Format, string, number]>([
    ['flac', 'speech.oga', 8],
    ['mp3', 'speech.mp3', 20],
    ['mp3', 'stereo.mp3', 40],
    ['vorbis', 'speech.ogg', 12],
    ['vorbis', 'stereo.ogg', 20],
  ])('of %s, %s %i times over, decode as it does in one go', async (format, name, times) => {
    const bytes = repeated(fixture(name), times);
    const parts = [...FORMATS[format].pieces(bytes)];
    expect(parts.length).toBeGreaterThan(1);
    expect(await decoded(format, parts)).toEqual(await decoded(format, [bytes]));
  });

  it('are the file, whatever it is, none of them empty or long (property)', () => {
    const marks = fc.constantFrom(
      [0xff, 0xf8, 0x70, 0x78],
      [0xff, 0xf9, 0xf0, 0x08],
      [...'OggS'].map((c) => c.charCodeAt(0)),
    );
    const part = fc.oneof(marks, fc.array(fc.nat(255), { maxLength: 300 }));
    fc.assert(
      fc.property(
        fc.constantFrom<Format>('flac', 'mp3', 'vorbis'),
        fc.array(part, { maxLength: 200 }),
        fc.nat(2 ** 17),
        (format, all, padding) => {
          const bytes = Uint8Array.from([...all.flat(), ...new Uint8Array(padding)]);
          const parts = [...FORMATS[format].pieces(bytes)];
          expect(Buffer.compare(joined(parts), bytes)).toBe(0);
          for (const { length } of parts) expect(length > 0 && length <= 2 ** 15).toBe(true);
        },
      ),
    );
  });

  /** One page of Ogg: its packets, and their sizes less than 255. */
  function page(packets: readonly (readonly number[])[]): Uint8Array {
    const sizes = packets.map(({ length }) => length);
    const head = [...'OggS'].map((letter) => letter.charCodeAt(0));
    return Uint8Array.from([...head, ...new Array<number>(22).fill(0), sizes.length, ...sizes, ...packets.flat()]);
  }
  const vorbisHead = (channels: number) => [
    1,
    ...Buffer.from('vorbis'),
    0,
    0,
    0,
    0,
    channels,
    ...new Array<number>(18).fill(0),
  ];
  const tiny = new Array<number[]>(255).fill([0]);

  it('refuse a page of Ogg that would be decoded in one go and hold minutes of sound', () => {
    const all = (channels: number) => [...vorbisPieces(joined([page([vorbisHead(channels)]), page(tiny), page(tiny)]))];
    expect(all(2)).toHaveLength(3);
    expect(() => all(255)).toThrow(AudioFormatError);
    expect(() => all(255)).toThrow(`found an Ogg page that claims ${256 * 4096 * 255} samples`);

    const frame = [0xff, 0xf8, 0x7a, 0x78, 0, 0xff, 0xfe, 0];
    const flac = joined([page([[0x7f, ...Buffer.from('FLAC')]]), page(new Array(255).fill(frame))]);
    expect(() => [...oggFlacPieces(flac)]).toThrow(`claims ${255 * 65_536 * 8} samples`);
  });
});
