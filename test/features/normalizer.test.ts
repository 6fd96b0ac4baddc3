import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { reference } from './reference.ts';

const matrix = (bins: number, ...values: number[]): FeatureMatrix => ({
  values: Float32Array.from(values),
  frames: values.length / bins,
  bins,
});
const speech = () => {
  const { shape, values } = reference('speech/long/level');
  return { values, frames: shape[0]!, bins: shape[1]! };
};

describe('Normalizer', () => {
  it('fits mean and standard deviation of each bin (definition)', () => {
    const {
      mean,
      std: deviation,
      bins,
    } = Normalizer.fit([matrix(2, 1, 10, 3, 30), matrix(2, 5, 20), matrix(2, 7, 20)]);
    expect(bins).toBe(2);
    expect([...mean]).toEqual([4, 20]);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(5), 6);
    expect(deviation[1]).toBeCloseTo(Math.sqrt(50), 6);
  });

  it('does not depend on how frames are spread over matrices (property)', () => {
    const numbers = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(40), { maxLength: 4 }), (values, cuts) => {
        const at = [0, ...cuts.map((c) => c % values.length).sort((a, b) => a - b), values.length];
        const parts = at.slice(1).map((end, i) => matrix(1, ...values.slice(at[i], end)));
        const [together, apart] = [Normalizer.fit([matrix(1, ...values)]), Normalizer.fit(parts)];
        expect(Math.abs(together.mean[0]! - apart.mean[0]!)).toBeLessThan(1e-4);
        expect(Math.abs(together.std[0]! - apart.std[0]!)).toBeLessThan(1e-4);
      }),
      { seed: 1 },
    );
  });

  it('keeps its digits far from zero and over many frames (closed form: a million ±1 about 1000)', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => 1000 + (i % 2 === 0 ? 1 : -1));
    const many = (function* () {
      for (let i = 0; i < 100; i++) yield { values, frames: 10_000, bins: 1 };
    })();
    const { mean, std: deviation } = Normalizer.fit(many);
    expect(mean[0]).toBe(1000);
    expect(deviation[0]).toBe(1);
  });

  it('gives what it was fitted on mean 0 and deviation 1', () => {
    const normalizer = Normalizer.fit([speech()]);
    const { values, frames, bins } = normalizer.apply(speech());
    for (let bin = 0; bin < bins; bin++) {
      const column = Array.from({ length: frames }, (_, t) => values[t * bins + bin]!);
      const mean = column.reduce((a, b) => a + b) / frames;
      expect(mean).toBeCloseTo(0, 4);
      expect(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / frames).toBeCloseTo(1, 4);
    }
  });

  it('does not blow up a bin that did not move', () => {
    const still = [matrix(2, -80, 1, -80, 3)];
    const normalizer = Normalizer.fit(still);
    expect(normalizer.std).toEqual(Float32Array.of(0.1, 1));
    expect([...normalizer.apply(matrix(2, -80, 2)).values]).toEqual([0, 0]);
    expect(Normalizer.fit(still, { minStd: 2 }).std).toEqual(Float32Array.of(2, 2));
  });

  it('applyInto writes some frames into part of an array and nothing else', () => {
    const normalizer = new Normalizer(Float32Array.of(1, 2), Float32Array.of(2, 4));
    const target = new Float32Array(7).fill(9);
    normalizer.applyInto(matrix(2, 0, 0, 3, 6, 5, 10, 0, 0), target, 2, 1, 3);
    expect([...target]).toEqual([9, 9, 1, 1, 2, 2, 9]);
  });

  it('comes back from JSON the same', () => {
    const normalizer = Normalizer.fit([speech()]);
    const again = Normalizer.fromJSON(JSON.parse(JSON.stringify(normalizer)));
    expect(again.mean).toEqual(normalizer.mean);
    expect(again.std).toEqual(normalizer.std);
  });

  it('refuses what it cannot be fitted on or applied to', () => {
    expect(() => Normalizer.fit([])).toThrow(
      new RangeError('Cannot fit a Normalizer: matrices must hold at least one frame, got none'),
    );
    expect(() => Normalizer.fit([matrix(2)])).toThrow(RangeError);
    expect(() => Normalizer.fit([matrix(2, 1, 2), matrix(1, 1)])).toThrow('the same bins, got 2 and 1');
    expect(() => Normalizer.fit([matrix(1, 1, Number.NaN)])).toThrow(/mean of bin 0 must be .* got NaN/);
    expect(() => Normalizer.fit([matrix(1, 1)], { minStd: 0 })).toThrow(RangeError);
    expect(() => Normalizer.fit([matrix(1, 1)], { floor: 1 } as never)).toThrow(TypeError);
    const normalizer = new Normalizer(Float32Array.of(0), Float32Array.of(1));
    expect(() => normalizer.apply(matrix(2, 1, 2))).toThrow(RangeError);
    expect(() => normalizer.applyInto(matrix(1, 1, 2), new Float32Array(1))).toThrow(RangeError);
    expect(() => normalizer.applyInto(matrix(1, 1, 2), new Float32Array(2), 0, 0, 3)).toThrow(RangeError);
    expect(() => normalizer.applyInto(matrix(1, 1, 2), new Float32Array(2), -1)).toThrow(RangeError);
  });

  it.each<[unknown, typeof TypeError]>([
    [null, TypeError],
    [{}, TypeError],
    [{ mean: '1', std: [1] }, TypeError],
    [{ mean: ['1'], std: [1] }, TypeError],
    [{ mean: [1], std: [1, 2] }, RangeError],
    [{ mean: [], std: [] }, RangeError],
    [{ mean: [1], std: [0] }, RangeError],
    [{ mean: [1e300], std: [1] }, RangeError],
  ])('refuses JSON %j', (json, errorClass) => {
    expect(() => Normalizer.fromJSON(json as never)).toThrow(errorClass);
  });
});
