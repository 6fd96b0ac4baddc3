import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { nextTask } from '../../src/core/nextTask.ts';
import { encodeWav } from '../support/wav.ts';

// Every decoder that is made is counted.
const decoders = vi.hoisted(() => ({ made: 0, failing: false, onDecode: () => {} }));
const counted = vi.hoisted(() => <D extends object>(Base: new (options?: never) => D) => {
  return function Counted(options?: unknown) {
    const decoder = new Base(options as never) as Partial<
      Record<'decode' | 'decodeFrames' | 'decodeOggPages', (data: unknown) => unknown>
    >;
    decoders.made++;
    for (const name of ['decode', 'decodeFrames', 'decodeOggPages'] as const) {
      const decode = decoder[name];
      if (!decode) continue;
      decoder[name] = (data) => {
        decoders.onDecode();
        if (decoders.failing) throw new Error('out of memory');
        return decode.call(decoder, data);
      };
    }
    return decoder;
  };
});
vi.mock('mpg123-decoder', async (original) => ({
  MPEGDecoder: counted((await original<typeof import('mpg123-decoder')>()).MPEGDecoder),
}));
vi.mock('@wasm-audio-decoders/flac', async (original) => ({
  FLACDecoder: counted((await original<typeof import('@wasm-audio-decoders/flac')>()).FLACDecoder),
}));
vi.mock('opus-decoder', async (original) => ({
  OpusDecoder: counted((await original<typeof import('opus-decoder')>()).OpusDecoder as never),
}));
vi.mock('@wasm-audio-decoders/ogg-vorbis', async (original) => ({
  OggVorbisDecoder: counted((await original<typeof import('@wasm-audio-decoders/ogg-vorbis')>()).OggVorbisDecoder),
}));

const fixture = async (name: string) =>
  new Uint8Array(await readFile(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const decodeFixture = async (name: string) => decodeAudio(await fixture(name));
const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Some minutes of MP3, over a mebibyte: the frames of the fixture, without its ID3v1 tag and its first, describing frame. */
async function longMp3(): Promise<Uint8Array> {
  const frames = (await fixture('speech.mp3')).subarray(180, -128);
  const long = new Uint8Array(frames.length * 2 * Math.ceil(2 ** 19 / frames.length + 1));
  for (let at = 0; at < long.length; at += frames.length) long.set(frames, at);
  return long;
}

/** The largest difference of two signals of one length. */
function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);
}

/** Σ xy / √(Σx² Σy²), with y moved `lag` samples to the left. */
function correlation(x: Float32Array, y: Float32Array, lag = 0): number {
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = Math.max(0, -lag); i < Math.min(x.length, y.length - lag); i++) {
    xy += x[i]! * y[i + lag]!;
    xx += x[i]! ** 2;
    yy += y[i + lag]! ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

beforeEach(() => {
  Object.assign(decoders, { made: 0, failing: false, onDecode: () => {} });
});

describe('decodeAudio', () => {
  it.each(['speech.flac', 'speech.oga'])('decodes lossless %s to the very samples of the WAV', async (name) => {
    const lossless = await decodeFixture(name);
    const wav = await decodeFixture('speech.wav');
    expect(lossless.sampleRate).toBe(16_000);
    expect(distance(lossless.samples, wav.samples)).toBe(0);
  });

  // ffmpeg rounds to 16 bits, hence half a step; of Vorbis it leaves out the last 256 samples.
  it.each(['speech.mp3', 'speech.ogg'])('decodes %s as ffmpeg does, to half a step of 16 bits', async (name) => {
    const ours = await decodeFixture(name);
    const theirs = await decodeFixture(`${name}.decoded.flac`);
    expect(ours.sampleRate).toBe(theirs.sampleRate);
    expect(theirs.samples.length).toBeGreaterThanOrEqual(14_400 - 256);
    expect(distance(ours.samples.subarray(0, theirs.samples.length), theirs.samples)).toBeLessThan(0.6 / 32768);
  });

  it.each(['speech.mp3', 'speech-id3.mp3', 'speech.ogg'])(
    'decodes %s in place: no encoder delay, same length',
    async (name) => {
      const original = (await decodeFixture('speech.wav')).samples;
      const { samples } = await decodeFixture(name);
      expect(samples.length).toBe(original.length);
      const atZero = correlation(original, samples);
      expect(atZero).toBeGreaterThan(0.97);
      for (const lag of [-2, -1, 1, 2]) expect(correlation(original, samples, lag)).toBeLessThan(atZero);
    },
  );

  it('averages channels: a right one of half the left gives 0.75 times the left', async () => {
    const whole = (await decodeFixture('speech.wav')).samples;
    const left = whole.subarray(3200, 6400);
    const lossless = (await decodeFixture('stereo.flac')).samples;
    expect(
      distance(
        lossless,
        left.map((x) => 0.75 * x),
      ),
    ).toBeLessThan(0.5 / 32768);
    for (const name of ['stereo.mp3', 'stereo.ogg']) {
      const { samples } = await decodeFixture(name);
      expect(correlation(left, samples)).toBeGreaterThan(0.97);
      const gain = samples.reduce((sum, x, i) => sum + x * left[i]!, 0) / left.reduce((sum, x) => sum + x * x, 0);
      expect(Math.abs(gain - 0.75), name).toBeLessThan(0.05);
    }
  });

  it('looks past an ID3 tag: FLAC, a padded tag, a second tag', async () => {
    const { samples } = await decodeFixture('speech.wav');
    const tag = join(bytesOf('ID3\x03\x00\x00\x00\x00\x01\x0a'), new Uint8Array(138));
    const flac = await decodeAudio(join(tag, await fixture('speech.flac')));
    expect(distance(flac.samples, samples)).toBe(0);
    const plain = await decodeFixture('speech.mp3');
    const tagged = await decodeAudio(join(tag, tag, new Uint8Array(99), await fixture('speech.mp3')));
    expect(distance(tagged.samples, plain.samples)).toBe(0);
  });

  it('decodes what is left of a file that was cut short', async () => {
    for (const name of ['speech.mp3', 'speech.flac', 'speech.ogg', 'speech.opus', 'speech.webm', 'speech.wav']) {
      const bytes = await fixture(name);
      const whole = (await decodeAudio(bytes)).samples;
      const { samples } = await decodeAudio(bytes.subarray(0, Math.floor(bytes.length * 0.8)));
      expect(samples.length, name).toBeGreaterThan(whole.length * 0.4);
      expect(samples.length, name).toBeLessThan(whole.length);
    }
  });

  it('decodes a file longer than a piece as it does its part, and as long as its frames say', async () => {
    const long = await longMp3();
    const { samples } = await decodeAudio(long);
    const part = await decodeAudio(long.subarray(0, long.length / 2));
    expect(samples.length).toBeGreaterThan(2 ** 20);
    expect(samples.length % 576).toBe(0);
    expect(distance(samples.subarray(0, part.samples.length), part.samples)).toBe(0);
    expect(Math.abs(samples.length - 2 * part.samples.length)).toBeLessThan(2 * 576);
  });

  it.each([
    ['no bytes', new Uint8Array(0), 'found no bytes at all'],
    ['text', bytesOf('Dear diary, today'), 'found text, beginning with "Dear diary, today"'],
    ['HTML', bytesOf('<!DOCTYPE html><html lang="en">'), 'found text, beginning with "<!DOCTYPE html><html lan"'],
    ['zeros', new Uint8Array(500), 'found 500 bytes of an unknown format, beginning with 00 00 00 00'],
    ['MP4', bytesOf('\0\0\0\x20ftypM4A '), 'found an MP4 file (M4A)'],
    ['a zip archive', bytesOf('PK\x03\x04....'), 'found a zip archive'],
    ['AVI', bytesOf('RIFF\x04\0\0\0AVI '), 'found a RIFF file of another kind than WAVE (AVI)'],
    ['big-endian WAV', bytesOf('RIFX\0\0\0\x04WAVE'), 'found a big-endian WAV file (RIFX)'],
    ['ID3 only', bytesOf('ID3\x03\0\0\0\0\0\x02ab'), 'found a tag (ID3 or APE) that no sound follows'],
    ['half an ID3 header', bytesOf('ID3\x03\0'), 'found a tag (ID3 or APE) that no sound follows'],
    ['bare Ogg', bytesOf('OggS'), 'found an Ogg file with an unknown codec'],
    ['bare FLAC', bytesOf('fLaC'), 'found no samples in a FLAC file'],
    ['bare WAV', bytesOf('RIFF\x04\0\0\0WAVE'), 'found no format chunk'],
    ['WAV without samples', encodeWav([[]], 16_000), 'found no samples in a WAV file'],
    ['WAV of one NaN', encodeWav([[0, Number.NaN]], 16_000, { encoding: 'float32' }), 'got NaN at sample 1'],
    ['WAV of infinity', encodeWav([[1e300]], 16_000, { encoding: 'float64' }), 'got Infinity at sample 0'],
    ['WAV of 0 Hz', encodeWav([[0]], 0), 'found a sampling rate of 0 Hz; 1000 to 768000 Hz are supported'],
    ['WAV of 4 GHz', encodeWav([[0]], 4e9), 'found a sampling rate of 4000000000 Hz'],
  ])('refuses %s', async (_, bytes, message) => {
    const decoding = decodeAudio(bytes);
    await expect(decoding).rejects.toThrow(AudioFormatError);
    await expect(decoding).rejects.toThrow(message);
    await expect(decoding).rejects.toThrow(/^Cannot decode /);
  });

  it.each([
    ['adts.aac', 'found an AAC file (ADTS)'],
    ['speech.m4a', 'found an MP4 file (M4A) with AAC'],
  ])('refuses %s in Node, and says what it is', async (name, message) => {
    await expect(decodeFixture(name)).rejects.toThrow(AudioFormatError);
    await expect(decodeFixture(name)).rejects.toThrow(message);
  });

  it.each(['speech.mp3', 'speech.flac', 'speech.ogg', 'speech.opus', 'speech.webm'])(
    'uses the decoder of %s for the next file, but not when it has failed: its memory may be upset',
    async (name) => {
      const bytes = await fixture(name);
      await decodeAudio(bytes);
      decoders.made = 0;
      for (let file = 0; file < 3; file++) await decodeAudio(bytes);
      expect(decoders.made).toBe(0);
      decoders.failing = true;
      await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
      expect(decoders.made).toBe(0);
      decoders.failing = false;
      await decodeAudio(bytes);
      expect(decoders.made).toBe(1);
    },
  );

  it('stops when its signal aborts, before and between pieces, with the reason of the signal', async () => {
    const reason = new Error('enough');
    await expect(decodeAudio(await fixture('speech.wav'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(decoders.made).toBe(0);

    const long = await longMp3();
    const controller = new AbortController();
    const decoding = decodeAudio(long, { signal: controller.signal });
    let decoded = 0;
    decoders.onDecode = () => {
      if (++decoded === 3) controller.abort(reason);
    };
    await expect(decoding).rejects.toBe(reason);
    for (let turn = 0; turn < 20; turn++) await nextTask();
    expect(decoded).toBe(3);
    decoders.made = 0;
    await decodeAudio(long);
    expect(decoders.made).toBe(1); // the one that was left is not used again
  });
});
