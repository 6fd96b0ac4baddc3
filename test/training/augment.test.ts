import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { augment } from '../../src/training/augment/augment.ts';
import { addDecibels } from '../../src/training/augment/decibels.ts';
import type { Surroundings, WindowedClip } from '../../src/training/augment/windowedClip.ts';
import { type AugmentOptions, resolveAugment } from '../../src/training/augmentOptions.ts';

const BINS = 10;
const FRAMES = 20;
const FLOOR = -80;
const silence = new Float32Array(BINS).fill(FLOOR);
const fill = Float32Array.from({ length: BINS }, (_, bin) => 1000 + bin);
const surroundings: Surroundings = {
  ...{ silence, fill, framesPerSecond: 40, voices: [] },
  ...{ hz: new Float32Array(BINS), white: new Float32Array(BINS) },
};
const OFF = { melShift: false, gainDb: false, noise: false, timeMasks: false, frequencyMasks: false } as const;

/** Frames 4 to 15 are the clip, each value different; the rest is padding. */
function windowedClip(): WindowedClip {
  const values = Float32Array.from({ length: FRAMES * BINS }, (_, i) => -60 + i / 10);
  for (let frame = 0; frame < FRAMES; frame++) if (frame < 4 || frame >= 16) values.set(silence, frame * BINS);
  return { values, bins: BINS, from: 4, to: 16 };
}

function changed(options: AugmentOptions, seed: number, path: string | number = 0): Float32Array {
  const own = windowedClip();
  augment(own, resolveAugment({ ...OFF, ...options }, 'logMel'), surroundings, new RandomStream(seed, path));
  return own.values;
}

const parts: AugmentOptions[] = [
  { melShift: 3 },
  { gainDb: 12 },
  { timeMasks: { count: 2 } },
  { frequencyMasks: { count: 2 } },
];
const seeds = fc.integer();

describe('augment', () => {
  it('leaves a clip alone when everything is off', () => {
    expect(changed({}, 1)).toEqual(windowedClip().values);
  });

  it.each(parts)('is a function of its stream, differs between streams, and spares the padding: %j', (options) => {
    expect(changed(options, 7)).toEqual(changed(options, 7));
    const results = new Set(Array.from({ length: 20 }, (_, i) => changed(options, 7, i).join()));
    expect(results.size).toBeGreaterThan(3);
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = changed(options, seed);
        expect(values.subarray(0, 4 * BINS)).toEqual(windowedClip().values.subarray(0, 4 * BINS));
        expect(values.subarray(16 * BINS)).toEqual(windowedClip().values.subarray(16 * BINS));
      }),
    );
  });

  it('draws the same for a part whether another is on or off', () => {
    const blank = (values: Float32Array) => Array.from(values, (value) => value >= 1000);
    for (const seed of [1, 2, 3]) {
      expect(blank(changed({ gainDb: 5, timeMasks: {} }, seed))).toEqual(blank(changed({ timeMasks: {} }, seed)));
    }
  });

  it('shifts every frame by the same bins, at most so many, and repeats the edge (oracle: by index)', () => {
    const shifts = new Set<number>();
    fc.assert(
      fc.property(seeds, (seed) => {
        const [before, after] = [windowedClip().values, changed({ melShift: 3 }, seed)];
        const fits = [-3, -2, -1, 0, 1, 2, 3].filter((shift) =>
          after.every((value, i) => {
            const [frame, bin] = [Math.floor(i / BINS), i % BINS];
            return value === before[frame * BINS + Math.min(BINS - 1, Math.max(0, bin - shift))];
          }),
        );
        expect(fits).toHaveLength(1);
        shifts.add(fits[0]!);
      }),
      { numRuns: 200 },
    );
    expect(shifts.size).toBe(7);
  });

  it('changes the level by one gain within the limit, above the floor alone', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const own = windowedClip();
        own.values[5 * BINS] = FLOOR;
        own.values[5 * BINS + 1] = FLOOR + 1;
        const before = own.values.slice();
        augment(own, resolveAugment({ ...OFF, gainDb: 6 }, 'logMel'), surroundings, new RandomStream(seed));
        const gain = own.values[10 * BINS]! - before[10 * BINS]!;
        expect(Math.abs(gain)).toBeLessThanOrEqual(6);
        for (const [i, value] of own.values.entries()) {
          const wanted = before[i] === FLOOR ? FLOOR : Math.max(FLOOR, before[i]! + gain);
          expect(value).toBeCloseTo(wanted, 3);
        }
      }),
    );
  });

  it('adds noise as power: never below the clip or the noise, its mean level within the limits', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const own = { ...windowedClip(), values: new Float32Array(FRAMES * BINS).fill(-200) };
        augment(
          own,
          resolveAugment({ ...OFF, noise: { probability: 1, minDb: -50, maxDb: -40, stdDb: 1 } }, 'logMel'),
          surroundings,
          new RandomStream(seed),
        );
        const clip = own.values.subarray(own.from * BINS, own.to * BINS);
        const mean = clip.reduce((sum, value) => sum + value, 0) / clip.length;
        expect(mean).toBeGreaterThan(-51);
        expect(mean).toBeLessThan(-39);
        const deviation = Math.sqrt(clip.reduce((sum, value) => sum + (value - mean) ** 2, 0) / clip.length);
        expect(deviation).toBeGreaterThan(0.5);
        expect(deviation).toBeLessThan(1.5);
        const louder = changed({ noise: { probability: 1 } }, seed);
        expect(louder.every((value, i) => value >= windowedClip().values[i]!)).toBe(true);
      }),
    );
  });

  it('adds noise to the padding, too', () => {
    const options = { noise: { probability: 1, minDb: -50, maxDb: -50, stdDb: 0 } };
    const values = changed(options, 3);
    expect(changed(options, 3)).toEqual(values);
    for (const frame of [0, 3, 16, FRAMES - 1]) {
      for (let bin = 0; bin < BINS; bin++) expect(values[frame * BINS + bin]).toBeCloseTo(-50, 1); // −80 dB beneath it is nothing
    }
  });

  it('gives noise to a clip with the given probability', () => {
    const untouched = windowedClip().values.join();
    const count = Array.from({ length: 400 }, (_, i) => changed({ noise: { probability: 0.25 } }, 1, i).join()).filter(
      (values) => values !== untouched,
    ).length;
    expect(count).toBeGreaterThan(70); // 100 ± 8.7
    expect(count).toBeLessThan(130);
  });

  it('masks at most count · maxFrames whole frames of the clip, with the fill', () => {
    const widths = new Set<number>();
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = changed({ timeMasks: { count: 2, maxFrames: 3 } }, seed);
        const masked = [...Array(FRAMES).keys()].filter((frame) => values[frame * BINS]! >= 1000);
        for (const frame of masked) expect(values.slice(frame * BINS, (frame + 1) * BINS)).toEqual(fill);
        expect(masked.length).toBeLessThanOrEqual(6);
        expect(values.filter((value) => value >= 1000)).toHaveLength(masked.length * BINS);
        widths.add(masked.length);
      }),
      { numRuns: 300 },
    );
    expect(widths.size).toBe(7);
  });

  it('masks at most count · maxBins bins, over the whole clip, with the fill', () => {
    const widths = new Set<number>();
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = changed({ frequencyMasks: { count: 1, maxBins: 3 } }, seed);
        const masked = [...Array(BINS).keys()].filter((bin) => values[5 * BINS + bin]! >= 1000);
        expect(masked.length).toBeLessThanOrEqual(3);
        for (let frame = 4; frame < 16; frame++) {
          for (const bin of masked) expect(values[frame * BINS + bin]).toBe(fill[bin]);
        }
        expect(values.filter((value) => value >= 1000)).toHaveLength(masked.length * 12);
        widths.add(masked.length);
      }),
      { numRuns: 300 },
    );
    expect([...widths].sort()).toEqual([0, 1, 2, 3]);
  });
});

it('addDecibels adds powers (oracle: the formula; the table’s interpolation is within 3e-5 dB, its end within 5e-4)', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 0, noNaN: true }),
      fc.double({ min: -100, max: 0, noNaN: true }),
      (a, b) => {
        const wanted = 10 * Math.log10(10 ** (a / 10) + 10 ** (b / 10));
        expect(Math.abs(addDecibels(a, b) - wanted)).toBeLessThan(Math.abs(a - b) < 39.9 ? 3.5e-5 : 5e-4);
      },
    ),
    { numRuns: 1000 },
  );
});

describe('resolveAugment', () => {
  it('switches everything off for false', () => {
    const { maskFill: _, ...parts } = resolveAugment(false, 'logMel');
    expect(new Set(Object.values(parts))).toEqual(new Set([false]));
  });

  it('has everything that takes away the marks of corpus and microphone off unless it is asked for', () => {
    const marks = ['tempo', 'crop', 'room', 'babble', 'colouredNoise', 'equalisation', 'telephone'] as const;
    for (const name of marks) {
      expect(resolveAugment({}, 'logMel')[name]).toBe(false);
      expect(resolveAugment({ [name]: {} }, 'logMel')[name]).toHaveProperty('probability');
    }
  });

  it.each(['room', 'babble', 'colouredNoise', 'equalisation', 'telephone'])('refuses %s for cepstra', (name) => {
    expect(() => resolveAugment({ [name]: {} }, 'mfcc')).toThrow(`augment.${name} must be false for mfcc features`);
  });

  it('leaves the parts that need frequencies off for cepstra, and refuses them', () => {
    expect(resolveAugment({}, 'mfcc')).toMatchObject({
      melShift: false,
      gainDb: false,
      frequencyMasks: false,
      timeMasks: {},
    });
    expect(() => resolveAugment({ melShift: 2 }, 'mfcc')).toThrow(
      'Cannot train: augment.melShift must be false for mfcc',
    );
  });

  it.each([
    { melShift: 1.5 },
    { gainDb: -1 },
    { noise: { probability: 2 } },
    { noise: { minDb: -20, maxDb: -30 } },
    { timeMasks: { count: -1 } },
    { frequencyMasks: { maxBins: 0.5 } },
    { maskFill: 'noise' as never },
    { mixup: { alpha: 0 } },
    { tempo: { minFactor: 2, maxFactor: 1.2 } },
    { crop: { minSeconds: 0 } },
    { room: { minSeconds: 0.2, maxSeconds: 0.1 } },
    { babble: { minVoices: 9, maxVoices: 8 } },
    { babble: { minVoices: 2.5 } },
    { colouredNoise: { minSnrDb: 50, maxSnrDb: 30 } },
    { equalisation: { terms: 0 } },
    { telephone: { maxHighHz: 5000 } },
  ])('refuses %j', (options) => {
    expect(() => resolveAugment(options, 'logMel')).toThrow(RangeError);
  });

  it('refuses options that do not exist', () => {
    expect(() => resolveAugment({ pitch: 1 } as never, 'logMel')).toThrow(TypeError);
    expect(() => resolveAugment({ noise: { level: 1 } } as never, 'logMel')).toThrow(
      "there is no option named 'augment.noise.level'",
    );
  });

  it.each([
    true,
    null,
    0,
    [],
    { speed: 3 },
    { speed: null },
    { placement: 'x' },
    { melShift: true },
    { gainDb: null },
    { noise: true },
    { noise: null },
    { noise: 0 },
    { timeMasks: 1 },
    { frequencyMasks: [] },
    { maskFill: null },
    { mixup: '' },
    { tempo: true },
    { crop: 0.8 },
    { room: null },
    { babble: 3 },
    { colouredNoise: 'pink' },
    { equalisation: [] },
    { telephone: { minLowHz: '300' } },
    { mixup: { alpha: '0.2' } },
  ])('refuses %j in words', (options) => {
    expect(() => resolveAugment(options as never, 'logMel')).toThrow(/^Cannot train: augment[.\w]* must be .* got /);
  });

  it('takes undefined for what is left out', () => {
    const options = { speed: undefined, noise: undefined, mixup: undefined, maskFill: undefined };
    expect(resolveAugment(options, 'logMel')).toEqual(resolveAugment({}, 'logMel'));
  });
});
