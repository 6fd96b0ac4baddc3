import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltas } from '../../src/features/deltas.ts';
import { expectClose, reference } from './reference.ts';

const { shape, values } = reference('speech/long/mfcc');
const [frames, bins] = shape as [number, number];

describe('deltas', () => {
  it.each([3, 5, 9])("are torchaudio's, window of %i", (windowLength) => {
    expectClose(
      deltas({ values, frames, bins }, { windowLength }).values,
      reference(`deltas/${windowLength}`).values,
      1e-6,
    );
  });

  it("are torchaudio's where the window is wider than the matrix", () => {
    const few = { values: values.subarray(0, 3 * bins), frames: 3, bins };
    expectClose(deltas(few, { windowLength: 9 }).values, reference('deltas/ofFew').values, 1e-6);
  });

  it('are the slope of a line, away from the ends, and 0 for one frame (closed form)', () => {
    const line = Float32Array.from({ length: 20 }, (_, t) => 3 * t - 7);
    expect([...deltas({ values: line, frames: 20, bins: 1 }).values.subarray(2, -2)]).toEqual(new Array(16).fill(3));
    expect([...deltas({ values: Float32Array.of(4, 5), frames: 1, bins: 2 }).values]).toEqual([0, 0]);
    expect(deltas({ values: new Float32Array(0), frames: 0, bins: 2 }).frames).toBe(0);
  });

  it('turn round when time does (property)', () => {
    const matrix = fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(matrix, (column) => {
        const of = (x: number[]) =>
          Array.from(deltas({ values: Float32Array.from(x), frames: x.length, bins: 1 }).values);
        const backwards = of([...column].reverse()).reverse();
        for (const [i, slope] of of(column).entries()) expect(slope + backwards[i]!).toBeCloseTo(0, 5);
      }),
      { seed: 1 },
    );
  });

  it.each([1, 4, 2.5, -3])('refuse a window of %f', (windowLength) => {
    expect(() => deltas({ values, frames, bins }, { windowLength })).toThrow(RangeError);
  });

  it('refuse options there are not', () => {
    expect(() => deltas({ values, frames, bins }, { width: 9 } as never)).toThrow(TypeError);
  });
});
