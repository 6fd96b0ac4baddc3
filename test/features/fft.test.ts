import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RealFft } from '../../src/features/fft.ts';
import { expectClose } from './reference.ts';

/** The definition, X[k] = Σ x[n] exp(−2πikn / N), term by term. */
function naiveDft(x: ArrayLike<number>): Float64Array {
  const n = x.length;
  const spectrum = new Float64Array(n + 2);
  for (let k = 0; k <= n / 2; k++) {
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * ((k * i) % n)) / n;
      spectrum[2 * k]! += x[i]! * Math.cos(angle);
      spectrum[2 * k + 1]! -= x[i]! * Math.sin(angle);
    }
  }
  return spectrum;
}

function transform(x: ArrayLike<number>): Float64Array {
  const fft = new RealFft(x.length);
  const spectrum = new Float64Array(2 * fft.bins).fill(Number.NaN);
  fft.transform(Float64Array.from(x), spectrum);
  return spectrum;
}

const numbers = (length: number) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length });

describe('RealFft', () => {
  it.each([4, 8, 16, 32, 64, 128, 512, 1024])('is the DFT by its definition, length %i', (length) => {
    fc.assert(
      fc.property(numbers(length), (x) => expectClose(transform(x), naiveDft(x), 1e-12)),
      { numRuns: length > 100 ? 3 : 30, seed: 1 },
    );
  });

  it('keeps the power (Parseval)', () => {
    fc.assert(
      fc.property(numbers(64), (x) => {
        const power = x.reduce((sum, v) => sum + v * v, 0);
        const spectrum = transform(x);
        let sum = 0;
        for (let k = 0; k <= 32; k++) {
          const twice = k === 0 || k === 32 ? 1 : 2; // the other half mirrors this one
          sum += twice * (spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2);
        }
        expect(Math.abs(sum / 64 - power)).toBeLessThan(1e-12 * Math.max(1, power));
      }),
      { seed: 1 },
    );
  });

  it('is linear', () => {
    fc.assert(
      fc.property(numbers(32), numbers(32), fc.double({ min: -5, max: 5, noNaN: true }), (x, y, a) => {
        const [together, alone, other] = [transform(x.map((v, i) => v + a * y[i]!)), transform(x), transform(y)];
        const difference = together.map((v, i) => v - alone[i]! - a * other[i]!);
        expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-11);
      }),
      { seed: 1 },
    );
  });

  it('gives the power of the same spectrum, |X[k]|²', () => {
    for (const length of [4, 8, 64, 512]) {
      fc.assert(
        fc.property(numbers(length), (x) => {
          const spectrum = transform(x);
          const fft = new RealFft(length);
          const power = new Float64Array(fft.bins).fill(Number.NaN);
          fft.transformToPower(Float64Array.from(x), power);
          expect(power).toEqual(power.map((_, k) => spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2));
        }),
        { numRuns: 20, seed: 1 },
      );
    }
  });

  it('leaves its input as it was, and gives the same again', () => {
    const fft = new RealFft(8);
    const input = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const [first, second] = [new Float64Array(10), new Float64Array(10)];
    fft.transform(input, first);
    fft.transform(input, second);
    expect(input).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(second).toEqual(first);
  });

  it('takes powers of two from 4 to 65536 and arrays that fit', () => {
    for (const length of [0, 1, 2, 3, 6, -8, 1000, 131072, 8.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new RealFft(length)).toThrow(
        new RangeError(`Cannot make an FFT: length must be a power of two from 4 to 65536, got ${length}`),
      );
    }
    expect(new RealFft(65536).bins).toBe(32769);
    expect(() => new RealFft(8).transform(new Float64Array(7), new Float64Array(10))).toThrow(RangeError);
    expect(() => new RealFft(8).transform(new Float64Array(8), new Float64Array(8))).toThrow(RangeError);
    expect(() => new RealFft(8).transformToPower(new Float64Array(8), new Float64Array(10))).toThrow(
      new RangeError('Cannot transform: input must hold 8 and output 5 numbers, got 8 and 10'),
    );
  });
});
