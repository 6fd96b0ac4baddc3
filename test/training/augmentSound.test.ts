import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import { augment, reshape } from '../../src/training/augment/augment.ts';
import { surroundingsOf } from '../../src/training/augment/surroundings.ts';
import { drawVariant } from '../../src/training/augment/variants.ts';
import { type AugmentOptions, resolveAugment } from '../../src/training/augmentOptions.ts';
import { fft } from '../support/fft.ts';

/*
 * What augmentation does to features, against the same done to waveforms: filters, rooms and noise, by a Fourier transform of its own.
 */

const RATE = 16_000;
const extractor = new FeatureExtractor({ features: { type: 'logMel', minDb: -100 } });
const BINS = extractor.bins;
const hz = extractor.features.centreHz!;
const OFF = { melShift: false, gainDb: false, timeMasks: false, frequencyMasks: false } as const;
const SILENCE = -100;

function setOf(matrices: readonly FeatureMatrix[]): ExampleSet {
  const examples = matrices.map((matrix, i) => ({
    ...{ name: `clip ${i}`, label: 0, speaker: '', groups: {} },
    variants: [matrix],
  }));
  return { labels: ['one'], features: extractor.options, speeds: [1], examples };
}

/** A matrix, augmented: as it is, or after so many and before so many frames of silence. */
function augmented(
  { values, frames, bins }: FeatureMatrix,
  options: AugmentOptions,
  { seed = 1, before = 0, after = 0, others = [] as readonly FeatureMatrix[] } = {},
): FeatureMatrix {
  const window = new Float32Array((before + frames + after) * bins).fill(SILENCE);
  window.set(values, before * bins);
  const resolved = resolveAugment({ ...OFF, ...options }, 'logMel');
  const clip = { values: window, bins, from: before, to: before + frames };
  const surroundings = surroundingsOf(setOf(others), resolved, extractor.silence);
  augment(clip, resolved, surroundings, new RandomStream(seed));
  return { values: window, frames: before + frames + after, bins };
}

const flat = (level: number, frames: number): FeatureMatrix => ({
  values: new Float32Array(frames * BINS).fill(level),
  frames,
  bins: BINS,
});

function noise(seconds: number, seed: number, amplitude = 0.1): Float32Array {
  const stream = new RandomStream(seed, 'noise');
  return Float32Array.from({ length: Math.round(seconds * RATE) }, () => amplitude * stream.normal());
}

/** The samples through a filter without phase, by its gain (of amplitudes) at each frequency. */
function filtered(samples: Float32Array, gainAt: (frequency: number) => number): Float32Array {
  const length = 2 ** Math.ceil(Math.log2(2 * samples.length));
  const re = new Float64Array(length);
  re.set(samples);
  const im = new Float64Array(length);
  fft(re, im);
  for (let k = 0; k < length; k++) {
    const gain = gainAt((Math.min(k, length - k) * RATE) / length);
    re[k]! *= gain;
    im[k]! *= gain;
  }
  fft(im, re); // the inverse, times the length
  return Float32Array.from(re.subarray(0, samples.length), (value) => value / length);
}

function convolved(samples: Float32Array, response: Float32Array): Float32Array {
  const length = 2 ** Math.ceil(Math.log2(samples.length + response.length));
  const [a, b, c, d] = Array.from({ length: 4 }, () => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  a.set(samples);
  c.set(response);
  fft(a, b);
  fft(c, d);
  for (let k = 0; k < length; k++) {
    const re = a[k]! * c[k]! - b[k]! * d[k]!;
    b[k] = a[k]! * d[k]! + b[k]! * c[k]!;
    a[k] = re;
  }
  fft(b, a);
  return Float32Array.from(a.subarray(0, samples.length + response.length), (value) => value / length);
}

/** Powers of each bin, averaged over frames and matrices. */
function meanPowers(matrices: readonly FeatureMatrix[]): Float64Array {
  const sum = new Float64Array(BINS);
  let frames = 0;
  for (const matrix of matrices) {
    matrix.values.forEach((value, i) => {
      sum[i % BINS]! += 10 ** (value / 10);
    });
    frames += matrix.frames;
  }
  return sum.map((power) => power / frames);
}

const decibels = (power: number) => 10 * Math.log10(power);
/** A curve over the bins at another frequency: linear between their centres. */
function between(curve: ArrayLike<number>, frequency: number): number {
  const above = hz.findIndex((centre) => centre >= frequency);
  if (above === 0) return curve[0]!;
  if (above < 0) return curve[BINS - 1]!;
  const share = (frequency - hz[above - 1]!) / (hz[above]! - hz[above - 1]!);
  return curve[above - 1]! + share * (curve[above]! - curve[above - 1]!);
}

function differences(a: FeatureMatrix, b: FeatureMatrix, bins: readonly number[], fromFrame = 0, toFrame = a.frames) {
  const all: number[] = [];
  for (let frame = fromFrame; frame < toFrame; frame++) {
    for (const bin of bins) all.push(Math.abs(a.values[frame * BINS + bin]! - b.values[frame * BINS + bin]!));
  }
  return { mean: all.reduce((sum, d) => sum + d, 0) / all.length, most: Math.max(...all) };
}
const every = [...Array(BINS).keys()];

describe('equalisation', () => {
  it('is the filter whose curve it draws (oracle: noise through that filter)', () => {
    for (const seed of [1, 2, 3]) {
      const options = { equalisation: { probability: 1, maxDb: 12 } };
      const curve = augmented(flat(-40, 1), options, { seed }).values.map((value) => value + 40);
      expect(Math.max(...curve.map(Math.abs))).toBeLessThanOrEqual(12.01);
      expect(Math.abs(curve.reduce((sum, value) => sum + value, 0))).toBeLessThan(0.2);
      const samples = noise(1, seed);
      const wanted = extractor.compute(filtered(samples, (frequency) => 10 ** (between(curve, frequency) / 20)));
      const { mean, most } = differences(
        augmented(extractor.compute(samples), options, { seed }),
        wanted,
        every,
        2,
        38,
      );
      expect(mean).toBeLessThan(0.15);
      expect(most).toBeLessThan(2);
    }
  });

  it('brings nothing below the floor, and leaves what is at it there', () => {
    const { values } = augmented(flat(SILENCE, 5), { equalisation: { probability: 1 } }, { after: 3 });
    expect(new Set(values)).toEqual(new Set([SILENCE]));
    expect(Math.min(...augmented(flat(SILENCE + 1, 5), { equalisation: { probability: 1 } }).values)).toBe(SILENCE);
  });
});

describe('telephone', () => {
  const band = { minLowHz: 300, maxLowHz: 300, minHighHz: 3400, maxHighHz: 3400, minSlopeDb: 36, maxSlopeDb: 36 };
  const quiet = { ...band, probability: 1, minSnrDb: 150, maxSnrDb: 150 };

  it('is a band-pass sampled at 8 kHz (oracle: noise through a Butterworth filter of order 6, without what is above 4 kHz)', () => {
    const samples = noise(1, 4);
    const magnitude = (f: number) => 1 / Math.sqrt((1 + (300 / f) ** 11.96) * (1 + (f / 3400) ** 11.96));
    const wanted = extractor.compute(filtered(samples, (f) => (f > 0 && f < 4000 ? magnitude(f) : 0)));
    const got = augmented(extractor.compute(samples), { telephone: quiet });
    const audible = every.filter((bin) => hz[bin]! > 230 && hz[bin]! < 3850);
    const { mean, most } = differences(got, wanted, audible, 2, 38);
    expect(mean).toBeLessThan(0.25);
    expect(most).toBeLessThan(3);
    for (const bin of every.filter((bin) => hz[bin]! > 4100)) expect(got.values[20 * BINS + bin]).toBe(SILENCE);
  });

  it('raises the floor within 4 kHz by noise at its ratio, in the padding as well (closed form)', () => {
    const options = { ...band, probability: 1, minSlopeDb: 1000, maxSlopeDb: 1000, minSnrDb: 20, maxSnrDb: 20 };
    const got = augmented(flat(-30, 60), { telephone: options }, { after: 400 });
    const powers = meanPowers([{ values: got.values.subarray(60 * BINS), frames: 400, bins: BINS }]);
    const clean = augmented(flat(-30, 60), { telephone: { ...options, minSnrDb: 150, maxSnrDb: 150 } });
    const total = (curve: Float64Array) => decibels(curve.reduce((sum, power) => sum + power, 0));
    expect(total(meanPowers([clean])) - total(powers)).toBeCloseTo(20, 0);
    const white = meanPowers([extractor.compute(noise(20, 5))]);
    const below = every.filter((bin) => hz[bin]! < 3800);
    const shape = below.map((bin) => decibels(powers[bin]! / white[bin]!));
    expect(Math.max(...shape) - Math.min(...shape)).toBeLessThan(1.5);
    for (const bin of every.filter((bin) => hz[bin]! > 4100)) expect(got.values[100 * BINS + bin]).toBe(SILENCE);
    // Below the band, where the clip is filtered away, its frames are no louder than the padding.
    const low = every.filter((bin) => hz[bin]! < 200);
    const during = meanPowers([{ values: got.values.subarray(0, 60 * BINS), frames: 60, bins: BINS }]);
    for (const bin of low) expect(Math.abs(decibels(during[bin]! / powers[bin]!))).toBeLessThan(1);
  });
});

describe('room', () => {
  it.each([0.2, 0.5])(
    'is the mean of rooms of one reverberation time (oracle: bursts convolved with 80 of them, %f s)',
    (t60) => {
      const [ratioDb, rooms, frames] = [3, 80, 44];
      const dry = noise(0.52, 6).map((value, i) => (Math.floor(i / 2000) % 2 === 0 ? value : 0));
      const stream = new RandomStream(7);
      const scale = Math.sqrt((Math.log(1e6) / t60 / RATE) * 10 ** (-ratioDb / 10));
      const sums = new Float64Array(frames * BINS);
      for (let room = 0; room < rooms; room++) {
        const response = Float32Array.from(
          { length: 8000 },
          (_, n) => scale * stream.normal() * 10 ** ((-3 * n) / RATE / t60),
        );
        response[0]! += 1;
        const wet = new Float32Array(1.2 * RATE);
        wet.set(convolved(dry, response));
        const powers = extractor.compute(wet).values.subarray(0, sums.length);
        powers.forEach((value, at) => {
          sums[at]! += 10 ** (value / 10) / rooms;
        });
      }
      const silentEnd = new Float32Array(dry.length + 800);
      silentEnd.set(dry);
      const clip = extractor.compute(silentEnd);
      const options = { probability: 1, minSeconds: t60, maxSeconds: t60, minRatioDb: ratioDb, maxRatioDb: ratioDb };
      const got = augmented(clip, { room: options }, { after: frames - clip.frames });
      const kilohertz = every.filter((bin) => hz[bin]! > 850 && hz[bin]! < 1150); // where it is just that long
      const wanted = { values: Float32Array.from(sums, decibels), frames, bins: BINS };
      const { mean, most } = differences(got, wanted, kilohertz, 1, frames - 12);
      expect(mean).toBeLessThan(0.8);
      expect(most).toBeLessThan(3);
    },
  );

  it('adds the power that its ratio says, longest at low frequencies (closed form)', () => {
    const click = flat(-20, 1);
    const options = { probability: 1, minSeconds: 0.5, maxSeconds: 0.5, minRatioDb: 6, maxRatioDb: 6 };
    const got = augmented(click, { room: options }, { after: 200 });
    for (const bin of every) {
      const column = Array.from({ length: 201 }, (_, frame) => got.values[frame * BINS + bin]!);
      const power = column.filter((level) => level > SILENCE).reduce((sum, level) => sum + 10 ** (level / 10), 0);
      // The half of the response that falls upon the frames before the click is not there.
      expect(decibels(power)).toBeCloseTo(-20 + decibels(1 + 10 ** -0.6), 1);
    }
    const fall = (bin: number) => got.values[2 * BINS + bin]! - got.values[12 * BINS + bin]!;
    const kilohertz = every.find((bin) => hz[bin]! >= 1000)!;
    expect(fall(kilohertz)).toBeCloseTo((10 * 60) / 40 / 0.5, 0);
    expect(fall(0)).toBeLessThan(fall(BINS - 1));
  });
});

describe('colouredNoise', () => {
  it.each([0, -3, -6])(
    'of %i dB an octave is what such noise reads (oracle: noise shaped by a Fourier transform)',
    (slope) => {
      const samples = filtered(noise(20, 8), (f) => Math.max(f, 20) ** (slope / 20 / Math.log10(2)));
      const wanted = meanPowers([extractor.compute(samples.map((value) => value * 10 ** (-slope / 2)))]);
      const options = { probability: 1, minSlopeDb: slope, maxSlopeDb: slope, minSnrDb: 10, maxSnrDb: 10 };
      const got = augmented(flat(-30, 40), { colouredNoise: options }, { after: 2000 });
      const powers = meanPowers([{ values: got.values.subarray(40 * BINS), frames: 2000, bins: BINS }]);
      const offsets = every.map((bin) => decibels(powers[bin]! / wanted[bin]!));
      expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(1.2);
      const total = powers.reduce((sum, power) => sum + power, 0);
      expect(decibels((BINS * 10 ** -3) / total)).toBeCloseTo(10, 1);
    },
  );
});

describe('babble', () => {
  it('adds voices as power at its ratio, over the whole window (closed form)', () => {
    const others = [3, 4, 5].map((seed) => extractor.compute(noise(0.7, seed, 0.05 * seed)));
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 30, noNaN: true }), (seed, snr) => {
        const options = { probability: 1, minSnrDb: snr, maxSnrDb: snr };
        const clip = extractor.compute(noise(0.5, seed));
        const place = { seed, others, before: 10, after: 20 };
        const got = augmented(clip, { babble: options }, place);
        const total = (matrix: FeatureMatrix) => meanPowers([matrix]).reduce((sum, power) => sum + power, 0);
        const added = total(got) - (total(clip) * clip.frames) / got.frames;
        expect(decibels(total(clip) / added)).toBeCloseTo(snr, 0);
      }),
      { numRuns: 20 },
    );
  });

  it('is a sum of so many voices, each from some place on, again and again (oracle: by index)', () => {
    const values = Float32Array.from({ length: 7 * BINS }, (_, i) => (Math.floor(i / BINS) === 3 ? -20 : SILENCE));
    const others = [{ values, frames: 7, bins: BINS }];
    const places = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const options = { probability: 1, minVoices: 1, maxVoices: 1, minSnrDb: 0, maxSnrDb: 0 };
      const got = augmented(flat(-40, 1), { babble: options }, { seed, others, before: 1, after: 26 });
      const loud = Array.from({ length: 28 }, (_, frame) => frame).filter((frame) => got.values[frame * BINS]! > -35);
      expect(loud).toEqual([0, 7, 14, 21].map((frame) => frame + (loud[0]! % 7)));
      places.add(loud[0]!);
    }
    expect(places.size).toBe(7);
  });

  it('of silent clips is none', () => {
    const clip = extractor.compute(noise(0.2, 1));
    const got = augmented(clip, { babble: { probability: 1 } }, { others: [flat(SILENCE, 4)] });
    expect(differences(got, clip, every).most).toBeLessThan(0.003);
  });
});

describe('tempo and crop', () => {
  const shaped = (clip: FeatureMatrix, options: AugmentOptions, seed = 1) => {
    const resolved = resolveAugment({ ...OFF, ...options }, 'logMel');
    return reshape(clip, resolved, surroundingsOf(setOf([]), resolved, extractor.silence), new RandomStream(seed));
  };
  const at = (factor: number) => ({ tempo: { probability: 1, minFactor: factor, maxFactor: factor } });

  it('tempo 1 is the clip itself', () => {
    const clip = extractor.compute(noise(0.6, 1));
    expect(shaped(clip, at(1))).toEqual(clip);
  });

  it.each([0.8, 1.25, 2])(
    'tempo %f is that of a sound that changes so much faster (oracle: a tone whose level swings)',
    (factor) => {
      const swinging = (perSecond: number, seconds: number) =>
        Float32Array.from(
          { length: seconds * RATE },
          (_, i) =>
            0.2 *
            10 ** (Math.sin((2 * Math.PI * perSecond * i) / RATE) / 2) *
            Math.sin((2 * Math.PI * 1000 * i) / RATE),
        );
      const got = shaped(extractor.compute(swinging(0.8, 2)), at(factor));
      const wanted = extractor.compute(swinging(0.8 * factor, 2));
      const tone = [every.find((bin) => hz[bin]! > 1000)!];
      expect(got.frames).toBe(Math.round(81 / factor));
      expect(differences(got, wanted, tone, 2, Math.min(got.frames, wanted.frames) - 3).most).toBeLessThan(0.35);
    },
  );

  it('tempo draws factors within its limits, as many faster as slower', () => {
    const clip = flat(-30, 1000);
    const frames = Array.from({ length: 300 }, (_, seed) => shaped(clip, { tempo: { probability: 1 } }, seed).frames);
    expect(Math.min(...frames)).toBeGreaterThanOrEqual(800);
    expect(Math.max(...frames)).toBeLessThanOrEqual(1250);
    const faster = frames.filter((count) => count < 1000).length;
    expect(faster).toBeGreaterThan(110); // 150 ± 8.7
    expect(faster).toBeLessThan(190);
  });

  it('crop is a part of 0.8 s at least, from anywhere, as it was (oracle: by index)', () => {
    const values = Float32Array.from({ length: 100 * BINS }, (_, i) => -Math.floor(i / BINS));
    const starts = new Set<number>();
    const ends = new Set<number>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const got = shaped({ values, frames: 100, bins: BINS }, { crop: { probability: 1 } }, seed);
        expect(got.frames).toBeGreaterThanOrEqual(32); // 40 frames a second
        const start = -got.values[0]!;
        expect(got.values).toEqual(values.subarray(start * BINS, (start + got.frames) * BINS));
        starts.add(start);
        ends.add(start + got.frames);
      }),
      { numRuns: 300 },
    );
    expect(Math.max(...starts)).toBeGreaterThan(50);
    expect(Math.min(...ends)).toBeLessThan(50);
    expect(Math.max(...ends)).toBe(100);
  });

  it('crop leaves shorter clips as they are', () => {
    const clip = flat(-30, 31);
    expect(shaped(clip, { crop: { probability: 1 } })).toEqual(clip);
  });
});

describe('copies', () => {
  const variants = [1, 2, 3, 4, 5].map((level) => flat(-level, 1));
  const drawn = (options: AugmentOptions, given = variants) => {
    const resolved = resolveAugment(options, 'logMel');
    return Array.from({ length: 400 }, (_, seed) => drawVariant(given, 3, resolved, new RandomStream(seed)).values[0]!);
  };
  const shareOf = (levels: readonly number[], ...wanted: readonly number[]) =>
    levels.filter((level) => wanted.includes(-level)).length / levels.length;

  it('are drawn with their probability, one as likely as another, and else the speeds', () => {
    const levels = drawn({ copies: { probability: 0.4 } });
    expect(Math.abs(shareOf(levels, 4, 5) - 0.4)).toBeLessThan(0.08); // 3 standard deviations
    expect(Math.abs(shareOf(levels, 4) - 0.2)).toBeLessThan(0.07);
    expect(Math.abs(shareOf(levels, 2) - 0.2)).toBeLessThan(0.07);
    expect(shareOf(drawn({ copies: { probability: 1 } }), 4, 5)).toBe(1);
    expect(shareOf(drawn({ speed: false, copies: {} }), 1, 4, 5)).toBe(1);
  });

  it('are not drawn unless asked for, and their draws change nothing else', () => {
    const [without, never] = [drawn({}), drawn({ copies: { probability: 0 } })];
    expect(shareOf(without, 1, 2, 3)).toBe(1);
    expect(never).toEqual(without);
    const some = drawn({ copies: { probability: 0.4 } });
    for (const [i, level] of some.entries()) if (level > -4) expect(level).toBe(without[i]);
  });

  it('are refused where there are none, and passed over for a clip that lacks them', () => {
    const resolved = resolveAugment({ copies: {} }, 'logMel');
    expect(() => surroundingsOf(setOf([]), resolved, extractor.silence)).toThrow(
      'Cannot train: augment.copies must be false for examples without copies',
    );
    expect(shareOf(drawn({ copies: { probability: 1 } }, variants.slice(0, 1)), 1)).toBe(1);
  });
});

describe('all parts', () => {
  const parts = {
    tempo: { probability: 1 },
    crop: { probability: 1 },
    melShift: 3,
    room: { probability: 1 },
    babble: { probability: 1 },
    colouredNoise: { probability: 1 },
    equalisation: { probability: 1 },
    telephone: { probability: 1 },
    gainDb: 6,
    noise: { probability: 1 },
    timeMasks: {},
    frequencyMasks: {},
  };
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const clip = extractor.compute(noise(1.5, 2));
  const run = (options: AugmentOptions, seed: number) => {
    const resolved = resolveAugment({ ...OFF, ...options }, 'logMel');
    const surroundings = surroundingsOf(setOf([clip]), resolved, extractor.silence);
    const stream = new RandomStream(seed, 'clip');
    const { values, frames } = reshape(clip, resolved, surroundings, stream);
    const window = new Float32Array(112 * BINS).fill(SILENCE);
    window.set(values.subarray(0, window.length));
    augment({ values: window, bins: BINS, from: 0, to: Math.min(112, frames) }, resolved, surroundings, stream);
    return { window, stream };
  };

  it.each(names)('%s is a function of its stream, and differs between streams', (name) => {
    const options = { [name]: parts[name] };
    expect(run(options, 3).window).toEqual(run(options, 3).window);
    const results = new Set(Array.from({ length: 10 }, (_, seed) => run(options, seed).window.join()));
    expect(results.size).toBeGreaterThan(3);
  });

  it('each read a stream of their own and no other, so that none changes the draws of another (oracle: what is forked)', () => {
    const forks = vi.spyOn(RandomStream.prototype, 'fork');
    const { stream } = run(parts, 5);
    const paths = forks.mock.calls.map((path) => path.join());
    forks.mockRestore();
    expect(paths).toEqual(names.map((name) => (name === 'gainDb' ? 'gain' : name)));
    expect(stream.next()).toBe(new RandomStream(5, 'clip').next());
  });

  it('bring nothing below the floor and make finite numbers of anything', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { window } = run(parts, seed);
        expect(window.every((value) => value >= SILENCE && value < 40)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('are refused where the features do not say their hertz', () => {
    const resolved = resolveAugment({ ...OFF, room: {} }, 'logMel');
    const mfcc = new FeatureExtractor({ features: { type: 'mfcc' } });
    expect(() => surroundingsOf({ ...setOf([]), features: mfcc.options }, resolved, mfcc.silence)).toThrow(
      'Cannot train: augment.room must be false for mfcc features, which have no centreHz',
    );
  });
});
