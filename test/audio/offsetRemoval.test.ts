import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetRemoval, withoutOffset } from '../../src/audio/offsetRemoval.ts';
import { joinArrays } from '../../src/core/joinArrays.ts';
import { RandomStream } from '../../src/core/random.ts';

const RATE = 8000;

const sound = (length: number, at: (i: number) => number) => Float32Array.from({ length }, (_, i) => at(i));
const shift = (samples: Float32Array, offset: number) => samples.map((sample) => sample + offset);
/** Soft noise. */
const noise = (length: number, seed = 1) => {
  const random = new RandomStream(seed, 'noise');
  return sound(length, () => 0.001 * random.uniform(-1, 1));
};
/** A loud vowel: the harmonics of a voice, in the middle of a period. */
const vowel = (hz: number, phase: number) =>
  sound(RATE, (i) => {
    let sum = 0;
    for (let k = 1; k <= 10; k++) sum += Math.sin(2 * Math.PI * k * (phase + (hz * i) / RATE)) / k;
    return 0.4 * sum;
  });

describe('withoutOffset', () => {
  it.each([-0.3, -0.03, 0.01, 0.1])('takes off a constant of %d, to what the noise makes of the estimate', (offset) => {
    const clean = noise(RATE);
    const { samples, sampleRate } = withoutOffset({ samples: shift(clean, offset), sampleRate: RATE });
    expect(sampleRate).toBe(RATE);
    expect(Math.max(...samples.map((sample, i) => Math.abs(sample - clean[i]!)))).toBeLessThan(1e-4);
  });

  it('takes off the mean of the first 100 ms, by a Hann window (definition, written out)', () => {
    const clean = shift(noise(RATE), 0.05);
    let [sum, weights] = [0, 0];
    for (let i = 0; i < 800; i++) {
      const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / 800);
      sum += weight * clean[i]!;
      weights += weight;
    }
    const { samples } = withoutOffset({ samples: clean, sampleRate: RATE });
    for (const [i, sample] of samples.entries()) expect(sample).toBeCloseTo(clean[i]! - sum / weights, 7);
  });

  it('gives back the very waveform where there is no offset, even if it begins within a loud vowel', () => {
    for (const samples of [noise(RATE), new Float32Array(RATE), shift(noise(RATE), 0.005)]) {
      const waveform = { samples, sampleRate: RATE };
      expect(withoutOffset(waveform)).toBe(waveform);
    }
    for (let seed = 0; seed < 200; seed++) {
      const waveform = { samples: noise(800, seed).map((sample) => 900 * sample), sampleRate: RATE };
      expect(withoutOffset(waveform)).toBe(waveform);
    }
    for (const hz of [70, 85, 123, 210, 340]) {
      for (const phase of [0, 0.1, 0.25, 0.4, 0.77]) {
        const waveform = { samples: vowel(hz, phase), sampleRate: RATE };
        expect(withoutOffset(waveform)).toBe(waveform);
      }
    }
  });

  it('finds the offset of a recording that begins within a loud vowel', () => {
    const clean = vowel(123, 0.3);
    const { samples } = withoutOffset({ samples: shift(clean, 0.1), sampleRate: RATE });
    expect(Math.max(...samples.map((sample, i) => Math.abs(sample - clean[i]!)))).toBeLessThan(1e-3);
  });

  it('leaves digital silence in front as it is, and looks behind it', () => {
    const samples = joinArrays(Float32Array, [new Float32Array(3000), shift(noise(RATE), 0.1)]);
    const removed = withoutOffset({ samples, sampleRate: RATE }).samples;
    expect(removed.subarray(0, 3000)).toEqual(new Float32Array(3000));
    expect(Math.max(...removed.map(Math.abs))).toBeLessThan(0.0015);
  });

  it('takes what there is of a shorter sound, down to 20 ms', () => {
    const { samples } = withoutOffset({ samples: new Float32Array(160).fill(0.25), sampleRate: RATE });
    expect(samples).toEqual(new Float32Array(160));
    for (const length of [0, 1, 159]) {
      const waveform = { samples: new Float32Array(length).fill(0.25), sampleRate: RATE };
      expect(withoutOffset(waveform)).toBe(waveform);
    }
  });
});

describe('OffsetRemoval', () => {
  it('gives, in pieces of any size, what comes of the whole (property)', () => {
    const part = fc.record({
      length: fc.integer({ min: 0, max: 700 }),
      offset: fc.constantFrom(0, 0.1, -0.02),
      silent: fc.boolean(),
    });
    const sizes = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), sizes, (parts, lengths) => {
        const samples = joinArrays(
          Float32Array,
          parts.map(({ length, offset, silent }) => (silent ? new Float32Array(length) : shift(noise(length), offset))),
        );
        const removal = new OffsetRemoval(RATE);
        const got: Float32Array[] = [];
        for (let at = 0, i = 0; at < samples.length; i++) {
          const length = lengths[i % lengths.length]! + (i % lengths.length === 0 ? 1 : 0);
          got.push(removal.push(samples.subarray(at, at + length)));
          at += length;
        }
        got.push(removal.flush());
        expect(joinArrays(Float32Array, got)).toEqual(withoutOffset({ samples, sampleRate: RATE }).samples);
      }),
    );
  });

  it('holds no more than the first 100 ms, and nothing of digital silence', () => {
    const removal = new OffsetRemoval(RATE);
    expect(removal.push(new Float32Array(5000))).toHaveLength(5000);
    expect(removal.push(new Float32Array(799).fill(0.1))).toHaveLength(0);
    expect(removal.push(new Float32Array(1).fill(0.1))).toEqual(new Float32Array(800));
    expect(removal.push(new Float32Array(3).fill(0.1))).toEqual(new Float32Array(3));
    expect(removal.flush()).toHaveLength(0);
  });
});
