// Oracle: a format made up here, whose samples are known; the library's own formats, which stay what they were.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AudioDecoder, AudioPiece } from '../../src/audio/audioDecoder.ts';
import { decodeAudio } from '../../src/audio/decode.ts';
import { findFormat, registerDecoder } from '../../src/audio/decoders.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { ByteReader } from '../../src/core/byteReader.ts';
import { AudioFormatError } from '../../src/core/errors.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A format of a few letters and samples of a byte each, the channels one after the other; pieces of four samples. */
const RAW = 'RAW!';
const pieces = vi.fn(async function* (bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  const samples = Float32Array.from(bytes.subarray(RAW.length), (byte) => byte / 128 - 1);
  const half = samples.length / 2;
  yield { channels: [], sampleRate: 0 };
  for (let at = 0; at < half; at += 4) {
    const [left, right] = [samples, samples.subarray(half)].map((channel) => channel.slice(at, Math.min(half, at + 4)));
    yield { channels: [left!, right!], sampleRate: 8000 };
  }
});
const raw: AudioDecoder = {
  name: 'RAW',
  sniff: (bytes) => (bytes.subarray(0, 4).every((byte, i) => byte === RAW.charCodeAt(i)) ? 'a RAW file' : undefined),
  decode: pieces,
};
const file = Uint8Array.of(...bytesOf(RAW), ...[0, 32, 64, 96, 128, 160], ...[0, 96, 64, 160, 128, 224]);

/** A decoder of bytes that begin with its name, which gives what it is told to. */
const made = (name: string, ...given: unknown[]): AudioDecoder => ({
  name,
  sniff: (bytes) => (new TextDecoder().decode(bytes).startsWith(name) ? `a ${name} file` : undefined),
  decode: () => given as AudioPiece[],
});

describe('registerDecoder', () => {
  beforeAll(() => registerDecoder(raw));

  it('adds a format: pieces joined, channels averaged (oracle: the samples it was made of)', async () => {
    const { samples, sampleRate } = await toWaveform(file);
    expect(sampleRate).toBe(8000);
    expect([...samples]).toEqual([-1, -0.5, -0.5, 0, 0, 0.5]);
    expect((await toWaveform(new Blob([file]), { sampleRate: 16_000 })).samples).toHaveLength(12);
  });

  it('has its formats bounded and stopped as the others are', async () => {
    await expect(decodeAudio(file, { maxSeconds: 5 / 8000 })).rejects.toThrow(
      'found over 0.001 seconds of sound in a RAW file of 16 bytes',
    );
    const reason = new Error('enough');
    const controller = new AbortController();
    pieces.mockImplementationOnce(async function* () {
      yield { channels: [new Float32Array(1)], sampleRate: 8000 };
      controller.abort(reason);
      yield { channels: [new Float32Array(1)], sampleRate: 8000 };
      throw new Error('was not stopped');
    });
    await expect(decodeAudio(file, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('asks those of the host before its own, the last one first', async () => {
    const own = await decodeAudio(fixture('speech.wav'));
    const piece = { channels: [Float32Array.of(0.25)], sampleRate: 16_000 };
    registerDecoder(made('RIFF', piece));
    expect((await decodeAudio(fixture('speech.wav'))).samples).toHaveLength(1);
    registerDecoder({ ...made('RI', piece, piece), sniff: (bytes) => (bytes[4] === 1 ? 'a RI file' : undefined) });
    expect((await decodeAudio(bytesOf('RIFF\x01'))).samples).toHaveLength(2);
    expect((await decodeAudio(fixture('speech.flac'))).samples).toEqual(own.samples);
  });

  it('takes memory once where the decoder says how many samples will come, whether it is right or not', async () => {
    const one = (value: number, totalSamples?: number) => ({
      channels: [Float32Array.of(value)],
      sampleRate: 8000,
      totalSamples,
    });
    registerDecoder(made('right', one(1, 2), one(2)));
    registerDecoder(made('more', one(1, 1), one(2), one(3)));
    registerDecoder(made('less', one(1, 9), one(2)));
    registerDecoder(made('huge', one(1, 2 ** 31)));
    expect([...(await decodeAudio(bytesOf('right'))).samples]).toEqual([1, 2]);
    expect([...(await decodeAudio(bytesOf('more'))).samples]).toEqual([1, 2, 3]);
    expect([...(await decodeAudio(bytesOf('less'))).samples]).toEqual([1, 2]);
    await expect(decodeAudio(bytesOf('huge'))).rejects.toThrow('seconds of sound in a huge file');
  });

  it('lists the formats there are, and says what adds one', async () => {
    await expect(decodeAudio(bytesOf('FORM'))).rejects.toThrow(
      /found an IFF file of another kind than AIFF; supported are WAV, FLAC, .*MP3, RAW.* and huge, .* and what registerDecoder adds/,
    );
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no channels', { sampleRate: 8000 }],
    ['plain numbers', { channels: [[1, 2]], sampleRate: 8000 }],
    ['no rate', { channels: [Float32Array.of(1)] }],
    ['channels of two lengths', { channels: [new Float32Array(1), new Float32Array(2)], sampleRate: 8000 }],
  ])('says which decoder gave what is no sound: %s', async (what, piece) => {
    registerDecoder(made(`made of ${what}`, piece));
    const refused = decodeAudio(bytesOf(`made of ${what}`)).catch((error) => error);
    expect(await refused).toBeInstanceOf(AudioFormatError);
    expect((await refused).message).toBe(`Cannot decode audio: found damaged made of ${what}`);
    expect((await refused).cause.message).toContain(`the decoder of made of ${what} must give`);
  });

  it('refuses what is no decoder, and another one of the same name', () => {
    registerDecoder(raw);
    expect(() => registerDecoder({ ...raw })).toThrow(RangeError);
    for (const wrong of [undefined, {}, { ...raw, sniff: true }, { name: 'x', sniff: () => 'x' }]) {
      expect(() => registerDecoder(wrong as never)).toThrow(TypeError);
    }
  });
});

it.each([
  ['speech.flac', 'FLAC', 'a FLAC file'],
  ['speech.oga', 'FLAC', 'an Ogg file with FLAC'],
  ['speech.mp3', 'MP3', 'an MP3 file'],
  ['speech-id3.mp3', 'MP3', 'an MP3 file behind a tag'],
  ['speech.ogg', 'Ogg Vorbis', 'an Ogg file with Vorbis'],
  ['speech.wav', 'RIFF', 'a RIFF file'], // of the host, see above
])('each format recognises its own: %s', async (name, decoder, found) => {
  const match = await findFormat(new ByteReader(fixture(name)));
  expect([match.format?.name, match.found]).toEqual([decoder, found]);
});
