// AIFF, AU, Wave64, SPHERE and CAF. Oracles: the numbers that naive writers were given; sox's tables of G.711; for broken files, that
// what comes is a beginning of those numbers or an own error.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { decodedSound } from '../support/decoded.ts';
import { join, letters, type Sound, sampleBytes, WIDTH, WRITERS, type Written } from '../support/soundFiles.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const law = (name: string) =>
  [...new Int16Array(fixture(`${name}.decoded.wav`).slice(44).buffer)].map((x) => x / 2 ** 15);
const LAWS: Record<string, number[]> = { mulaw: law('mu-law'), alaw: law('a-law') };
const KINDS = Object.keys(WIDTH) as Written[];

/** What a reader owes for a number that was written. */
function meaning(value: number, written: Written): number {
  if (written in LAWS) return LAWS[written]![value]!;
  if (written === 'f32') return Math.fround(value);
  return written === 'f64' ? value : value / 2 ** (8 * WIDTH[written] - 1);
}

function made(values: readonly number[], written: Written, little: boolean, channels = 1, sampleRate = 16_000): Sound {
  return { bytes: sampleBytes(values, written, little), written, little, channels, sampleRate };
}

const number = (written: Written) => {
  if (written in LAWS) return fc.nat(255);
  if (written.startsWith('f')) return fc.double({ min: -1, max: 1, noNaN: true });
  const scale = 2 ** (8 * WIDTH[written] - 1);
  return fc.integer({ min: -scale, max: scale - 1 });
};

const outcome = async (bytes: Uint8Array): Promise<Float32Array> => {
  const got = await decodeAudio(bytes).catch((error: unknown) => error);
  if (got instanceof Error) {
    expect(got).toBeInstanceOf(AudioFormatError);
    expect(got.message).toMatch(/^Cannot decode /);
    return new Float32Array(0);
  }
  return (got as { samples: Float32Array }).samples;
};

describe.each(Object.entries(WRITERS))('%s', (name, { writes, write }) => {
  const forms = KINDS.flatMap((written) => [true, false].map((little) => ({ written, little }))).filter((form) =>
    writes({ ...made([], form.written, form.little) }),
  );

  it.each(forms)('gives back what a naive writer wrote: $written, lowest byte first: $little', ({ written, little }) =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1000, max: 768_000 }),
        fc.array(number(written), { minLength: 4, maxLength: 60 }),
        async (channels, sampleRate, all) => {
          const values = all.slice(0, all.length - (all.length % channels));
          const expected = Array.from({ length: channels }, (_, channel) =>
            values.filter((_, i) => i % channels === channel).map((value) => meaning(value, written) + 0),
          );
          const file = write(made(values, written, little, channels, sampleRate));
          expect(await decodedSound(file)).toEqual({ channels: expected, sampleRate });
        },
      ),
      { numRuns: 20 },
    ),
  );

  const values = Array.from({ length: 50 }, (_, i) => i + 1);
  const sound = made(values, 's16', name === 'Wave64');
  const file = write(sound);
  const expected = Float32Array.from(values, (value) => value / 2 ** 15);

  it('gives a beginning of the samples, or an own error, where it is cut anywhere', async () => {
    for (let length = 0; length < file.length; length++) {
      const samples = await outcome(file.subarray(0, length));
      expect(samples, `${length}`).toEqual(expected.subarray(0, samples.length));
    }
    expect(await outcome(file.subarray(0, file.length - 12))).toHaveLength(50 - 6 + (name === 'Wave64' ? 2 : 0));
  });

  it('reads to the end where sizes are those of a stream, or more than there is', async () => {
    for (const size of [0, 0xffffffff, 1e9]) {
      const samples = await outcome(write(sound, { size }));
      expect(samples.subarray(0, 50), `${size}`).toEqual(expected);
    }
  });

  it('refuses what cannot be: no channels, no bits, a rate of 0 Hz, no samples', async () => {
    await expect(decodeAudio(write(sound, { channels: 0 }))).rejects.toThrow('found 0 channels');
    if (name !== 'AU') await expect(decodeAudio(write(sound, { bits: 0 }))).rejects.toThrow('samples of 0 bits');
    await expect(decodeAudio(write({ ...sound, sampleRate: 0 }))).rejects.toThrow('found a sampling rate of 0 Hz');
    await expect(decodeAudio(write({ ...sound, bytes: new Uint8Array(0) }))).rejects.toThrow('found no samples in');
    expect(await outcome(write(sound, { channels: 65_535 }))).toHaveLength(0);
  });

  it('ends, with an own error or finite samples, whatever is overwritten (property)', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.option(fc.uint8Array({ maxLength: 200 })),
        async (damage, tail) => {
          const copy = join(file.subarray(0, tail ? 60 : file.length), tail ?? []);
          for (const [at, value] of damage) copy[at % copy.length] = value;
          const samples = await outcome(copy);
          expect(samples.length).toBeLessThanOrEqual(copy.length);
          expect(samples.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 150 },
    ));
});

describe('what is known and not decoded', () => {
  it.each([
    [
      'AIFF-C of a codec',
      join(letters('FORM\0\0\0\x30AIFCCOMM\0\0\0\x18\0\x01\0\0\0\x01\0\x10\x40\x0c\xfa\0\0\0\0\0\0\0ima4\0\0')),
      "compression type 'ima4'; NONE, twos, sowt",
    ],
    [
      'AU of a codec',
      join(letters('.snd\0\0\0\x18\0\0\0\x01\0\0\0\x17\0\0\x1f\x40\0\0\0\x01a')),
      'found G.721 ADPCM; integers of',
    ],
    [
      'SPHERE of Shorten',
      letters(`NIST_1A\n   1024\nsample_coding -s26 pcm,embedded-shorten-v2.00\nend_head\n`.padEnd(1100)),
      "found samples coded as 'pcm,embedded-shorten-v2.00', which sph2pipe expands",
    ],
    ['SPHERE without a size', letters('NIST_1A\n   many\n'), 'found a damaged header'],
    [
      'CAF of a codec',
      join(letters('caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20'), new Uint8Array(8), letters('aac '), new Uint8Array(40)),
      "found a Core Audio file (CAF) with 'aac' samples",
    ],
    ['AIFF without COMM', letters('FORM\0\0\0\x04AIFF'), 'found no COMM chunk'],
    [
      'Wave64 without chunks',
      join(letters('riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0'), new Uint8Array(24)),
      'found no format chunk',
    ],
    ['MP4 behind a tag', letters('ID3\x03\0\0\0\0\0\0\0\0\0\x20ftypM4A '), 'found an MP4 file (M4A) behind a tag'],
  ])('names it: %s', async (_, bytes, message) => {
    await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
    await expect(decodeAudio(bytes)).rejects.toThrow(message);
  });

  it('an AIFF by the name of .wav is decoded as what it is', async () => {
    const wav = (await decodeAudio(fixture('speech.wav'))).samples;
    const { samples } = await decodeAudio(fixture('aiff.wav')); // 0.1 s from 0.2 s on
    expect(samples).toEqual(wav.subarray(3200, 4800));
  });
});
