import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import { resolveTrimOptions, trimSilence } from '../../src/audio/trim.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';

const readFixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

/** A second of silence, half a second of a 440 Hz tone, a second of silence; the silence may hold a soft tone. */
function toneInSilence(sampleRate: number, { floorDb = Number.NEGATIVE_INFINITY, amplitude = 0.5 } = {}): Waveform {
  const samples = Float32Array.from({ length: 2.5 * sampleRate }, (_, i) => {
    const loud = i >= sampleRate && i < 1.5 * sampleRate;
    return amplitude * (loud ? 1 : 10 ** (floorDb / 20)) * Math.sin((2 * Math.PI * 440 * i) / sampleRate);
  });
  return { samples, sampleRate };
}

/** Seconds at which the trimmed part begins and ends in the whole. */
function cut(whole: Waveform, options = {}): [number, number] {
  const { samples, sampleRate } = trimSilence(whole, options);
  expect(samples.buffer).toBe(whole.samples.buffer);
  const start = (samples.byteOffset - whole.samples.byteOffset) / 4;
  return [start / sampleRate, (start + samples.length) / sampleRate];
}

/** RMS in decibels of each 40 ms frame, 10 ms apart, about an offset. */
function naiveLevels(samples: Float32Array, hop: number, offset: number): number[] {
  const levels: number[] = [];
  for (let start = 0; start === 0 || start + 3 * hop < samples.length; start += hop) {
    let sum = 0;
    for (let i = start; i < Math.min(samples.length, start + 4 * hop); i++) sum += (samples[i]! - offset) ** 2;
    levels.push(10 * Math.log10(sum / (4 * hop)));
  }
  return levels;
}

/** The definition, written out: each level against the loudest, about the median of means over 10 ms if that would be audible. */
function naiveCut({ samples, sampleRate }: Waveform, thresholdDb: number, keepSeconds: number): [number, number] {
  const hop = Math.round(0.01 * sampleRate);
  const means: number[] = [];
  for (let start = 0; start < samples.length; start += hop) {
    const part = [...samples.subarray(start, start + hop)];
    means.push(part.reduce((sum, sample) => sum + sample, 0) / part.length);
  }
  const median = means.sort((a, b) => a - b)[Math.floor(means.length / 2)]!;
  const plain = naiveLevels(samples, hop, 0);
  const isAudible = 20 * Math.log10(Math.abs(median)) >= Math.max(...plain) - thresholdDb;
  const levels = isAudible ? naiveLevels(samples, hop, median) : plain;
  const loudest = Math.max(...levels);
  const audible = levels.map((level) => level >= loudest - thresholdDb);
  const keep = Math.round(keepSeconds * sampleRate);
  const start = Math.max(0, audible.indexOf(true) * hop - keep);
  const end = Math.min(samples.length, audible.lastIndexOf(true) * hop + 4 * hop + keep);
  return [start / sampleRate, end / sampleRate];
}

/** The definition with a frame at every sample, for sound without an offset. */
function naiveExactCut({ samples, sampleRate }: Waveform, thresholdDb: number, keepSeconds: number): [number, number] {
  const length = Math.round(0.01 * sampleRate) * 4;
  const energies: number[] = [];
  for (let start = 0; start === 0 || start + length <= samples.length; start++) {
    let sum = 0;
    for (const sample of samples.subarray(start, start + length)) sum += sample * sample;
    energies.push(sum);
  }
  const loudest = Math.max(...energies);
  const audible = energies.map((energy) => 10 * Math.log10(energy / loudest) >= -thresholdDb);
  const keep = Math.round(keepSeconds * sampleRate);
  const start = Math.max(0, audible.indexOf(true) - keep);
  const end = Math.min(samples.length, audible.lastIndexOf(true) + length + keep);
  return [start / sampleRate, end / sampleRate];
}

describe('trimSilence', () => {
  it('cuts where the definition, written out naively, does', () => {
    const bursts = fc.array(
      fc.record({ length: fc.integer({ min: 1, max: 900 }), db: fc.integer({ min: -90, max: 0 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    const rate = fc.constantFrom(8000, 11_025, 16_000);
    const threshold = fc.integer({ min: 5, max: 80 }).map((db) => db + 0.37); // no level stands exactly on it
    fc.assert(
      fc.property(bursts, rate, threshold, fc.integer(), (parts, sampleRate, thresholdDb, seed) => {
        const noise = new RandomStream(seed, 'noise');
        const values = parts.flatMap(({ length, db }) =>
          Array.from({ length }, () => 10 ** (db / 20) * noise.uniform(-1, 1)),
        );
        const whole = { samples: Float32Array.from(values), sampleRate };
        expect(cut(whole, { thresholdDb, keepSeconds: 0.02 })).toEqual(naiveCut(whole, thresholdDb, 0.02));
      }),
    );
  });

  it('cuts to the sample where the definition, written out naively, does', () => {
    const bursts = fc.array(
      fc.record({ length: fc.integer({ min: 1, max: 400 }), db: fc.integer({ min: -90, max: 0 }) }),
      { minLength: 1, maxLength: 8 },
    );
    const threshold = fc.integer({ min: 5, max: 80 }).map((db) => db + 0.37); // no level stands exactly on it
    fc.assert(
      fc.property(bursts, threshold, fc.integer(), (parts, thresholdDb, seed) => {
        const noise = new RandomStream(seed, 'noise');
        const values = parts.flatMap(({ length, db }) =>
          Array.from({ length }, () => 10 ** (db / 20) * noise.uniform(-1, 1)),
        );
        const whole = { samples: Float32Array.from(values), sampleRate: 8000 };
        const wanted = naiveExactCut(whole, thresholdDb, 0.002);
        expect(cut(whole, { thresholdDb, keepSeconds: 0.002, exact: true })).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the same wherever in its silence a recording begins, to the sample', async () => {
    const speech = await decodeAudio(readFixture('speech.flac'));
    const { samples, sampleRate } = await resample(speech, 16_000);
    const noise = new RandomStream(1, 'room');
    const room = Float32Array.from({ length: 8000 }, () => 1e-4 * noise.normal());
    const all = Float32Array.from([...room, ...samples, ...room]);
    const whole = trimSilence({ samples: all, sampleRate }, { exact: true });
    expect(whole.samples.length).toBeLessThan(all.length - 4000);
    for (const missing of [1, 79, 400, 1234]) {
      const later = trimSilence({ samples: all.subarray(missing), sampleRate }, { exact: true });
      expect(later.samples.byteOffset).toBe(whole.samples.byteOffset);
      expect(later.samples.length).toBe(whole.samples.length);
    }
  });

  it.each([-0.3, -0.01, 0.01, 0.1])('cuts speech where it does without an offset of %d', async (offset) => {
    const speech = await decodeAudio(readFixture('speech.flac'));
    for (const rate of [16_000, 44_100, 48_000]) {
      const { samples } = await resample(speech, rate);
      const [soft, loud] = [0.05, 1].map((gain) => samples.map((sample) => gain * sample));
      for (const clean of [soft!, loud!]) {
        const padded = new Float32Array(2 * rate + clean.length);
        padded.set(clean, rate);
        const shifted = { samples: padded.map((sample) => sample + offset), sampleRate: rate };
        expect(cut(shifted)).toEqual(cut({ samples: padded, sampleRate: rate }));
      }
    }
  });

  it('does not take a thump for an offset', () => {
    const whole = toneInSilence(8000);
    const samples = whole.samples.slice();
    samples.fill(0.4, 8000, 10_000);
    expect(cut({ samples, sampleRate: 8000 })).toEqual(cut(whole));
  });

  it('returns a constant whole, as it does digital silence', () => {
    const constant = { samples: new Float32Array(3000).fill(0.1), sampleRate: 8000 };
    expect(trimSilence(constant)).toBe(constant);
  });

  it.each([8000, 16_000, 22_050, 44_100, 48_000])(
    'finds a tone between 1 and 1.5 s at %i Hz, to a frame',
    (sampleRate) => {
      const [start, end] = cut(toneInSilence(sampleRate), { keepSeconds: 0 });
      expect(start).toBeGreaterThan(1 - 0.041);
      expect(start).toBeLessThanOrEqual(1);
      expect(end).toBeGreaterThanOrEqual(1.5);
      expect(end).toBeLessThan(1.5 + 0.041);
    },
  );

  it('cuts at the same seconds, to two hops, whatever the sampling rate (48 kHz against resampled)', async () => {
    const whole = toneInSilence(48_000, { floorDb: -50 });
    const [start, end] = cut(whole);
    for (const rate of [8000, 16_000, 22_050, 44_100]) {
      const [otherStart, otherEnd] = cut(await resample(whole, rate));
      expect(Math.abs(otherStart - start)).toBeLessThan(0.02);
      expect(Math.abs(otherEnd - end)).toBeLessThan(0.02);
    }
  });

  it('keeps what is less than the threshold below the loudest, cuts what is more, at any level', () => {
    for (const amplitude of [1, 1e-4]) {
      expect(cut(toneInSilence(16_000, { floorDb: -39, amplitude }))).toEqual([0, 2.5]);
      expect(cut(toneInSilence(16_000, { floorDb: -41, amplitude }))[0]).toBeGreaterThan(0.8);
      expect(cut(toneInSilence(16_000, { floorDb: -41, amplitude }), { thresholdDb: 42 })).toEqual([0, 2.5]);
    }
  });

  it('keeps 0.1 s on either side by default, and never leaves the recording', () => {
    const whole = toneInSilence(16_000);
    const [start, end] = cut(whole, { keepSeconds: 0 });
    for (const [options, keep] of [
      [{}, 0.1],
      [{ keepSeconds: 0.25 }, 0.25],
    ] as const) {
      const [widerStart, widerEnd] = cut(whole, options);
      expect(widerStart).toBeCloseTo(start - keep, 9);
      expect(widerEnd).toBeCloseTo(end + keep, 9);
    }
    expect(trimSilence(whole, { keepSeconds: 60 })).toBe(whole);
  });

  it('keeps a silent pause inside', () => {
    const { samples, sampleRate } = toneInSilence(16_000);
    const twice = { samples: Float32Array.from([...samples, ...samples]), sampleRate };
    const [start, end] = cut(twice, { keepSeconds: 0 });
    expect(start).toBeLessThanOrEqual(1);
    expect(end).toBeGreaterThanOrEqual(4);
  });

  it('returns digital silence, and a clip shorter than a frame, whole', () => {
    const silent = { samples: new Float32Array(16_000), sampleRate: 16_000 };
    expect(trimSilence(silent)).toBe(silent);
    const short = { samples: Float32Array.of(0, 0, 0.5, 0), sampleRate: 16_000 };
    expect(trimSilence(short)).toBe(short);
  });

  it('resolves its defaults', () => {
    expect(resolveTrimOptions()).toEqual({ thresholdDb: 40, keepSeconds: 0.1 });
    expect(resolveTrimOptions({ thresholdDb: 30, keepSeconds: undefined })).toEqual({
      thresholdDb: 30,
      keepSeconds: 0.1,
    });
    expect(resolveTrimOptions({ exact: false })).toEqual({ thresholdDb: 40, keepSeconds: 0.1 });
    expect(resolveTrimOptions({ exact: true })).toEqual({ thresholdDb: 40, keepSeconds: 0.1, exact: true });
  });

  it('refuses options out of range and waveforms that are none', () => {
    const whole = toneInSilence(8000);
    for (const thresholdDb of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => trimSilence(whole, { thresholdDb })).toThrow(RangeError);
    }
    for (const keepSeconds of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => trimSilence(whole, { keepSeconds })).toThrow(
        `Cannot trim silence: keepSeconds must be a number from 0 to 1000000, got ${keepSeconds}`,
      );
    }
    expect(() => trimSilence(whole, { exact: 1 as never })).toThrow(
      'Cannot trim silence: exact must be true or false, got 1',
    );
    expect(() => trimSilence(undefined as never)).toThrow(
      'Cannot trim silence: samples must be a Float32Array, got undefined',
    );
    expect(() => trimSilence({ samples: new Float32Array(0), sampleRate: 8000 })).toThrow(RangeError);
    expect(() => trimSilence({ samples: Float32Array.of(Number.NaN), sampleRate: 8000 })).toThrow(AudioFormatError);
  });
});
