import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat16 } from '../../src/core/float16.ts';

/** IEEE 754 binary16 by its definition. */
function decode(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const mantissa = half & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}

/** All finite halves from 0 up; for rounding, infinity stands where 2^16 would be. */
const halves = Array.from({ length: 0x7c00 }, (_, half) => decode(half)).concat(65536);

/** The nearest half by searching the table, the even one of two equally near. */
function nearest(value: number): number {
  let low = 0;
  let high = halves.length - 1;
  if (value >= 65536) return 0x7c00;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (halves[middle]! <= value) low = middle;
    else high = middle;
  }
  const below = value - halves[low]!;
  const above = halves[high]! - value;
  if (below === above) return low % 2 === 0 ? low : high;
  return below < above ? low : high;
}

describe('toFloat16', () => {
  it('keeps every half as it is (oracle: the definition of binary16)', () => {
    const patterns = Array.from({ length: 0x10000 }, (_, half) => half).filter((half) => !Number.isNaN(decode(half)));
    expect(Array.from(toFloat16(Float32Array.from(patterns, decode)))).toEqual(patterns);
  });

  it('rounds every midpoint to even and its float32 neighbours to their own side (oracle: a search of the table)', () => {
    const bits = new Uint32Array(1);
    const single = new Float32Array(bits.buffer);
    const values: number[] = [];
    for (let half = 0; half < 0x7c00; half++) {
      single[0] = (halves[half]! + halves[half + 1]!) / 2;
      const middle = bits[0]!;
      for (const pattern of [middle - 1, middle, middle + 1]) {
        bits[0] = pattern;
        values.push(single[0]!);
      }
    }
    expect(Array.from(toFloat16(Float32Array.from(values)))).toEqual(values.map(nearest));
    expect(Array.from(toFloat16(Float32Array.from(values, (value) => -value)))).toEqual(
      values.map((value) => nearest(value) | 0x8000),
    );
  });

  it('rounds any float32 to the nearest half (oracle: a search of the table)', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(toFloat16(Float32Array.of(value))[0]).toBe(
          nearest(Math.abs(value)) | (value < 0 || Object.is(value, -0) ? 0x8000 : 0),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps what is special: infinities, NaN, the sign of zero, the overflow at 65520', () => {
    const special = Float32Array.of(Infinity, -Infinity, Number.NaN, 0, -0, 65519.996, 65520, -1e9, 2 ** -25, 1e-45);
    expect(Array.from(toFloat16(special))).toEqual([0x7c00, 0xfc00, 0x7e00, 0, 0x8000, 0x7bff, 0x7c00, 0xfc00, 0, 0]);
  });
});
