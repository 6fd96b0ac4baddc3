import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RealFft } from '../../src/features/fft.ts';
import { LogMel } from '../../src/features/logMel.ts';
import { SpectraPairs } from '../../src/features/spectraPairs.ts';
import { normals } from '../support/arrays.ts';

afterEach(() => vi.restoreAllMocks());

/** Single bins as bands, and one that sums them all. */
const bandsOf = (bins: number) => [
  ...Array.from({ length: bins }, (_, firstBin) => ({ firstBin, weights: Float64Array.of(firstBin + 1) })),
  { firstBin: 0, weights: new Float64Array(bins).fill(0.5) },
];

/** A window with a zero before it and one behind it. */
const windowOf = (length: number) => Float64Array.from({ length }, (_, i) => 1 / (i + 1));
const OFFSET = 1;

/** The frame in the window, the transform that is tested against the definition, and the bands' sums written out. */
function expected(frame: Float64Array): number[] {
  const fft = new RealFft(frame.length);
  const power = new Float64Array(fft.bins);
  const input = new Float64Array(frame.length);
  const window = windowOf(frame.length - OFFSET - 1);
  for (const [i, weight] of window.entries()) input[OFFSET + i] = weight * Math.fround(frame[i]!);
  fft.transformToPower(input, power);
  return bandsOf(fft.bins).map(({ firstBin, weights }) =>
    weights.reduce((sum, weight, i) => sum + weight * power[firstBin + i]!, 0),
  );
}

/** What the pair gives for two frames, one after the other. */
function bandPower(pairs: SpectraPairs, frames: readonly [Float64Array, Float64Array]): [number[], number[]] {
  const { length } = frames[0];
  const samples = pairs.set(bandsOf(length / 2 + 1), windowOf(length - OFFSET - 1), OFFSET);
  for (const [lane, frame] of frames.entries()) samples[lane]!.set(frame.subarray(0, length - OFFSET - 1));
  const power = Array.from(pairs.bandPower());
  return [power.filter((_, i) => i % 2 === 0), power.filter((_, i) => i % 2 === 1)];
}

function expectNear(actual: readonly number[], wanted: readonly number[]): void {
  const scale = Math.max(1, ...wanted);
  expect(actual).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-13 * scale);
}

describe('SpectraPairs', () => {
  it.each([4, 8, 16, 32, 64, 128, 512, 1024, 2048, 4096])(
    'gives what RealFft gives, both frames, length %i',
    (length) => {
      const frame = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length });
      const pairs = SpectraPairs.open(length)!;
      fc.assert(
        fc.property(frame, frame, (a, b) => {
          const frames = [Float64Array.from(a), Float64Array.from(b)] as const;
          const [first, second] = bandPower(pairs, frames);
          expectNear(first, expected(frames[0]));
          expectNear(second, expected(frames[1]));
        }),
        { numRuns: length > 100 ? 2 : 20, seed: 1 },
      );
    },
  );

  it('lets lengths take turns, a long one that needs more memory among them', () => {
    const [short, other] = [SpectraPairs.open(8)!, SpectraPairs.open(8)!];
    const frames = ['a', 'b'].map((name) => Float64Array.from(normals(name, 8))) as [Float64Array, Float64Array];
    const before = bandPower(short, frames);
    const long = SpectraPairs.open(65536)!;
    const longFrame = Float64Array.from(normals('long', 65536));
    expectNear(bandPower(long, [longFrame, longFrame])[1].slice(0, 5), expected(longFrame).slice(0, 5));
    expect(bandPower(other, frames)).toEqual(before);
    expect(bandPower(short, frames)).toEqual(before);
  });

  it.each([1, 399, 400, 800, 5000])('LogMel gives the same of %i samples where there is no WebAssembly', (count) => {
    const samples = normals('samples', count).map((value) => 0.1 * value);
    for (const padding of ['reflect', 'constant', 'none'] as const) {
      const fast = new LogMel({ padding }).compute(samples);
      vi.spyOn(SpectraPairs, 'open').mockReturnValue(undefined);
      const plain = new LogMel({ padding }).compute(samples);
      vi.restoreAllMocks();
      expect(fast.frames).toBe(plain.frames);
      for (const [i, value] of plain.values.entries()) expect(Math.abs(fast.values[i]! - value)).toBeLessThan(2e-5);
    }
  });
});
