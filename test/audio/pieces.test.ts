// Oracle: the packages' decoders, given a file in one go.

import { readFileSync } from 'node:fs';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { decodedPieces } from '../../src/audio/decode.ts';
import { ByteReader } from '../../src/core/byteReader.ts';
import { joinArrays } from '../../src/core/joinArrays.ts';
import { collect } from '../support/collect.ts';
import { constantFlac } from '../support/flac.ts';
import { oggPackets, oggPage, oggPagesOf } from '../support/ogg.ts';

const DECODERS = { flac: FLACDecoder, mp3: MPEGDecoder, vorbis: OggVorbisDecoder };
type Format = keyof typeof DECODERS;

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const piecesOf = (bytes: Uint8Array) => collect(decodedPieces(new ByteReader(bytes), {}));

/** All that a package's decoder gives of a file, channel by channel. */
async function decoded(format: Format, bytes: Uint8Array): Promise<Float32Array[]> {
  const decoder = new DECODERS[format]();
  await decoder.ready;
  const parts = [await decoder.decode(bytes), ...('flush' in decoder ? [await decoder.flush()] : [])];
  decoder.free();
  const some = parts.filter(({ samplesDecoded }) => samplesDecoded > 0);
  const channels = some[0]!.channelData.map((_, channel) =>
    joinArrays(
      Float32Array,
      some.map(({ channelData }) => channelData[channel]!),
    ),
  );
  // FLAC's integers are put on the scale of all else.
  return format === 'flac' ? channels.map((all) => all.map((x) => Math.round(x * 32_767) / 32_768)) : channels;
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // decoders tell of each damaged frame
});

describe('pieces', () => {
  it.each<[Format, string]>([
    ['flac', 'speech.oga'],
    ['flac', 'speech.flac'],
    ['flac', 'stereo.flac'],
    ['mp3', 'speech.mp3'],
    ['mp3', 'stereo.mp3'],
    ['vorbis', 'speech.ogg'],
    ['vorbis', 'stereo.ogg'],
  ])('of %s, %s, make up what its decoder gives in one go', async (format, name) => {
    const pieces = await piecesOf(fixture(name));
    const whole = await decoded(format, fixture(name));
    for (const [channel, samples] of whole.entries()) {
      const parts = pieces.map(({ channels }) => channels[channel]! as Float32Array);
      expect(joinArrays(Float32Array, parts)).toEqual(samples);
    }
  });

  it('are short, however much a page of Ogg holds', async () => {
    const [head, comments, ...packets] = oggPackets(oggPagesOf(fixture('speech.ogg')));
    const times = Math.floor(250 / packets.length);
    const many = Array.from({ length: times }, () => packets.slice(1)).flat();
    const file = [
      oggPage({ sequence: 0, flags: 2, packets: [head!] }),
      oggPage({ sequence: 1, packets: [comments!, packets[0]!] }),
      oggPage({ sequence: 2, packets: many }),
    ];
    const pieces = await piecesOf(joined(...file));
    expect(pieces.length).toBeGreaterThan(1);
    for (const { channels } of pieces) expect(channels[0]!.length).toBeLessThanOrEqual(2 ** 18);
  });

  it('are of one frame, where it is as long as a frame of FLAC can be', async () => {
    const flac = constantFlac({ frames: 40, channels: 8 });
    const length = (flac.length - 42) / 40;
    const frames = Array.from({ length: 40 }, (_, i) => flac.slice(42 + length * i, 42 + length * (i + 1)));
    const head = joined(letters('\x7fFLAC\x01\0\0\0'), flac.subarray(0, 42));
    const file = [
      oggPage({ sequence: 0, flags: 2, packets: [head] }),
      oggPage({ sequence: 1, packets: frames }),
      new Uint8Array(30_000), // so that it is not too much sound for its bytes
    ];
    const pieces = await piecesOf(joined(...file));
    expect(pieces.map(({ channels }) => channels.map((samples) => samples.length))).toEqual(
      new Array(40).fill(new Array(8).fill(65_535)),
    );
  });
});
