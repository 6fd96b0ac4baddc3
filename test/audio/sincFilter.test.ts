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

describe('the filter between two rates', () => {
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
