import { describe, expect, it, vi } from 'vitest';
import { isInterpolated, sincFilter, tapsBetween } from '../../src/audio/sincFilter.ts';
import { sincSums } from '../../src/audio/sincSums.ts';
import { RandomStream } from '../../src/core/random.ts';

const RATES = [
  [48_000, 16_000],
  [44_100, 16_000],
  [16_000, 44_100],
  [8000, 16_000],
  [44_101, 16_000],
  [11_025, 16_001],
] as const;

const noise = Float32Array.from({ length: 20_000 }, (_, i) => new RandomStream(4, i).uniform(-1, 1));

/** What the filter does to a tone of so many cycles in an input sample: the Fourier sum of the whole impulse response, in float64. */
function response(
  { taps, lead, phases, rows, inStep, outStep }: ReturnType<typeof sincFilter>,
  cycles: number,
): number {
  let [re, im] = [0, 0];
  for (let row = 0; row < phases; row++) {
    const fraction = phases === outStep ? ((row * inStep) % outStep) / outStep : row / phases;
    for (let tap = 0; tap < taps; tap++) {
      const angle = 2 * Math.PI * cycles * (tap - lead - fraction);
      re += rows[row * taps + tap]! * Math.cos(angle);
      im += rows[row * taps + tap]! * Math.sin(angle);
    }
  }
  return Math.hypot(re, im) / phases;
}

/** The modified Bessel function I₀, by its power series, whose terms are all positive. */
function bessel0(x: number): number {
  let [sum, term] = [0, 1];
  for (let k = 1; sum + term > sum; k++) {
    sum += term;
    term *= (x / (2 * k)) ** 2;
  }
  return sum;
}

/** A float's distance from the next. */
function ulp(value: number): number {
  const bits = new Int32Array(Float32Array.of(Math.abs(value)).buffer);
  bits[0]!++;
  return new Float32Array(bits.buffer)[0]! - Math.abs(Math.fround(value));
}

describe('the filter between two rates', () => {
  it.each([...RATES, [384_000, 44_100], [22_050, 16_000]] as const)(
    "%i to %i Hz: a sinc under Kaiser's window, to the last digit of a float (oracle: the definition)",
    (from, to) => {
      const { inStep, outStep, taps, lead, phases, rows } = sincFilter(from, to);
      // 112 dB down, beyond a pass band of 15/16 of the lower rate's. (Kaiser & Schafer 1980)
      const beta = 0.1102 * (112 - 8.7);
      const lower = Math.min(1, to / from);
      const width = (112 - 7.95) / (2.285 * Math.PI * lower * 0.0625) / 2;
      const cutOff = lower * (1 - 0.0625 / 2);
      const rowCount = rows.length / taps;
      expect(rowCount).toBe(phases === outStep ? phases : phases + 1);
      for (let row = 0; row < rowCount; row++) {
        const fraction = phases === outStep ? ((row * inStep) % outStep) / outStep : row / phases;
        for (let tap = 0; tap < taps; tap++) {
          const x = tap - lead - fraction;
          const angle = Math.PI * cutOff * x;
          const sinc = x === 0 ? 1 : Math.sin(angle) / angle;
          const window = Math.abs(x) <= width ? bessel0(beta * Math.sqrt(1 - (x / width) ** 2)) / bessel0(beta) : 0;
          const wanted = cutOff * sinc * window;
          // Where the sine crosses 0, its argument's last digit is all that there is.
          const off = Math.abs(rows[row * taps + tap]! - wanted);
          if (!(off <= ulp(wanted) || off <= 1e-15))
            expect([row, tap, rows[row * taps + tap]]).toEqual([row, tap, wanted]);
        }
      }
    },
  );

  it.each(RATES)(
    '%i to %i Hz: flat in the pass band, nothing in the stop band (oracle: its Fourier sum)',
    (from, to) => {
      const filter = sincFilter(from, to);
      const nyquist = Math.min(from, to) / 2 / from;
      for (const part of [0, 0.3, 0.7, 0.9375])
        expect(Math.abs(response(filter, part * nyquist) - 1)).toBeLessThan(1e-5);
      for (const part of [1, 1.013, 1.21, 1.77]) {
        expect(20 * Math.log10(response(filter, part * nyquist)), `${part} of Nyquist`).toBeLessThan(-105);
      }
      expect(filter.taps).toBe(tapsBetween(from, to));
      expect(isInterpolated(filter)).toBe(to === 16_000 ? from === 44_101 : to === 16_001);
    },
  );
});

describe('sums in WebAssembly', () => {
  it.each(RATES)('%i to %i Hz: the definition in float64, bit for bit the same in blocks of any size', (from, to) => {
    const filter = sincFilter(from, to);
    const { inStep, outStep, taps, rows, phases } = filter;
    const count = 300;
    const first = 3 % outStep;
    const start = Math.floor((first * inStep) / outStep);
    const placeOf = (n: number) => Math.floor((n * inStep) / outStep) - start;
    const input = noise.subarray(0, placeOf(first + count - 1) + taps);
    const sums = new Float32Array(count);
    sincSums().sum(filter, input, first, sums);
    for (let k = 0; k < count; k++) {
      const phase = ((((first + k) * inStep) % outStep) * phases) / outStep;
      const [row, part] = isInterpolated(filter) ? [Math.floor(phase), phase % 1] : [(first + k) % outStep, 0];
      let wanted = 0;
      for (let tap = 0; tap < taps; tap++) {
        const weight = rows[row * taps + tap]!;
        const next = part === 0 ? weight : rows[(row + 1) * taps + tap]!;
        wanted += (weight + part * (next - weight)) * input[placeOf(first + k) + tap]!;
      }
      expect(Math.abs(sums[k]! - wanted)).toBeLessThan(2e-6);
    }
    for (let at = 0, size = 1; at < count; at += size, size += 3) {
      const block = new Float32Array(Math.min(size, count - at));
      sincSums().sum(filter, input.subarray(placeOf(first + at)), (first + at) % outStep, block);
      expect(block).toEqual(sums.subarray(at, at + block.length));
    }
  });

  it('where WebAssembly is refused, loops give the same but for rounding', async () => {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', {
      ...WebAssembly,
      Memory: class {
        constructor() {
          throw new EvalError('refused');
        }
      },
    });
    const loops = (await import('../../src/audio/sincSums.ts')).sincSums();
    vi.unstubAllGlobals();
    expect(loops.productsATurn).toBeLessThan(sincSums().productsATurn);
    for (const [from, to] of RATES) {
      const filter = sincFilter(from, to);
      const [here, there] = [new Float32Array(200), new Float32Array(200)];
      loops.sum(filter, noise, 1 % filter.outStep, here);
      sincSums().sum(filter, noise, 1 % filter.outStep, there);
      for (const [i, value] of here.entries()) expect(Math.abs(value - there[i]!)).toBeLessThan(2e-6);
    }
  });
});
