// How often others have their turn while sound is worked on. No clock: the oracle is the amount of work between turns, which is
// known from what the work is made of.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { ResampleStream } from '../../src/audio/resampleStream.ts';
import { tapsBetween } from '../../src/audio/sincFilter.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { resolveTrimOptions, trimSilence, trimUnchecked } from '../../src/audio/trim.ts';
import { joinInTurns } from '../../src/core/joinArrays.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { encodeWav } from '../support/wav.ts';

/** How many turns others have while some work is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  over = true;
  return turns;
}

const noise = (seconds: number, sampleRate: number) => ({
  samples: Float32Array.from({ length: seconds * sampleRate }, (_, i) => Math.sin(i * i * 0.37)),
  sampleRate,
});
const fixture = (name: string) => readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url));

describe('turns', () => {
  it('are had in a loop over sound in memory, and its signal is heard', async () => {
    const clip = noise(0.01, 16_000);
    const extractor = new FeatureExtractor();
    for (const call of [
      () => toWaveform(clip),
      () => extractor.extract(clip),
      () => decodeAudio(fixture('speech.wav')),
    ]) {
      const turns = await turnsDuring(async () => {
        for (let i = 0; i < 100; i++) await call();
      });
      expect(turns).toBeGreaterThanOrEqual(100);
    }
    const signal = AbortSignal.timeout(1);
    const forEver = async () => {
      for (;;) await toWaveform(clip, { signal });
    };
    await expect(forEver()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    [44_100, 16_000],
    [96_000, 44_100],
    [16_000, 48_000],
  ])('are had, resampling %i to %i Hz, every 40 million products', async (from, to) => {
    const products = 20 * to * tapsBetween(from, to);
    expect(await turnsDuring(() => resample(noise(20, from), to))).toBeGreaterThanOrEqual(products / 4e7);
  });

  it('are had in long WAVs, MP3s, FLACs and Oggs', async () => {
    const long = encodeWav([noise(70, 48_000).samples], 48_000);
    expect(await turnsDuring(() => decodeAudio(long))).toBeGreaterThanOrEqual((70 * 48_000) / 2 ** 20);
    for (const name of ['speech.mp3', 'speech.flac', 'speech.ogg']) {
      const bytes = fixture(name);
      const times = Math.ceil(2 ** 18 / bytes.length);
      const turns = await turnsDuring(() => decodeAudio(Buffer.concat(new Array<Buffer>(times).fill(bytes))));
      expect(turns, name).toBeGreaterThanOrEqual(2 ** 18 / 2 ** 15);
    }
  });

  it('are had where silence is looked for, and where pieces are joined (oracle: the same in one go)', async () => {
    const { samples, sampleRate } = noise(4 * 60, 16_000);
    const clip = { samples: samples.map((x, i) => (i < 5e5 || i > 3e6 ? 1e-4 * x : x)), sampleRate };
    let trimmed = clip;
    const turns = await turnsDuring(async () => {
      trimmed = (await trimUnchecked(clip, resolveTrimOptions())) as typeof clip;
    });
    expect(Buffer.compare(bytesOf(trimmed.samples), bytesOf(trimSilence(clip).samples))).toBe(0);
    expect(trimmed.samples.length).toBeLessThan(2.6e6);
    expect(turns).toBeGreaterThanOrEqual(2 * Math.floor(samples.length / 2 ** 20)); // for energies, and for means
    const aborted = trimUnchecked(clip, resolveTrimOptions(), AbortSignal.abort(new Error('enough')));
    await expect(aborted).rejects.toThrow('enough');

    const parts = Array.from({ length: 240 }, (_, i) => samples.subarray(16_000 * i, 16_000 * (i + 1)));
    let joined = samples;
    const between = await turnsDuring(async () => {
      joined = (await joinInTurns(parts)) as typeof samples;
    });
    expect(Buffer.compare(bytesOf(joined), bytesOf(samples))).toBe(0);
    expect(between).toBeGreaterThanOrEqual(Math.floor(samples.length / 2 ** 21));
    await expect(joinInTurns(parts, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it.each(['logMel', 'mfcc', 'stft'] as const)(
    'are had in the features of a long recording, %s, which are those of it in one go (oracle: compute)',
    async (type) => {
      // A slice of 2^20 / 512 = 2048 frames.
      const features = { type, frameLength: 400, fftLength: 512, hopLength: 37 } as const;
      const mel = type === 'stft' ? {} : { melBands: 20 };
      const extractor = new FeatureExtractor({ trim: false, features: { ...features, ...mel } });
      for (const seconds of [0.1, 9.4]) {
        const waveform = noise(seconds, 16_000);
        const whole = extractor.compute(waveform.samples);
        let extracted = whole;
        const turns = await turnsDuring(async () => {
          extracted = await extractor.extract(waveform);
        });
        expect(Buffer.compare(bytesOf(extracted.values), bytesOf(whole.values))).toBe(0);
        expect([extracted.frames, extracted.bins]).toEqual([whole.frames, whole.bins]);
        expect(turns).toBeGreaterThanOrEqual(whole.frames / 2048);
      }
    },
  );
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

describe('blocks', () => {
  // What a block gives does not depend on where it begins: blocks are smaller than they were, and nothing has changed.
  it.each([
    [44_100, 16_000],
    [48_000, 16_000],
    [22_050, 16_000],
    [11_025, 16_000],
    [16_000, 44_100],
    [12_345, 16_000],
  ])('of any size, %i to %i Hz, give the same samples bit for bit', async (from, to) => {
    const { samples } = noise(4, from);
    const whole = (await resample({ samples, sampleRate: from }, to)).samples;
    const stream = new ResampleStream(from, to);
    const parts: Float32Array[] = [];
    for (let at = 0, size = 5000; at < samples.length; at += size, size += 1234) {
      parts.push(stream.push(samples.slice(at, at + size)));
    }
    parts.push(stream.flush());
    expect(Buffer.compare(Buffer.concat(parts.map(bytesOf)), bytesOf(whole))).toBe(0);
  });
});

describe('in a page', () => {
  beforeEach(() => {
    vi.stubGlobal('setTimeout', () => {
      throw new Error('timers are throttled in hidden tabs');
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('no turn is a timer', async () => {
    const waveform = await toWaveform(fixture('speech.flac'), { sampleRate: 8000 });
    expect((await new FeatureExtractor({ sampleRate: 8000 }).extract(waveform)).frames).toBeGreaterThan(1);
  });
});
