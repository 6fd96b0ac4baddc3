import { describe, expect, it } from 'vitest';
import { loadConverter } from '../../src/audio/converter.ts';
import { PolyphaseFilter } from '../../src/audio/polyphaseFilter.ts';
import { resample } from '../../src/audio/resample.ts';
import { RandomStream } from '../../src/core/random.ts';

const noise = (length: number) => {
  const stream = new RandomStream(3, 'noise');
  return Float32Array.from({ length }, () => stream.uniform(-1, 1));
};

describe('PolyphaseFilter (oracle: the converter that it was measured from)', () => {
  it.each([
    [48_000, 16_000, 3, 1],
    [96_000, 16_000, 6, 1],
    [8000, 16_000, 1, 2],
    [16_000, 48_000, 1, 3],
    [14_080, 16_000, 22, 25],
    [16_960, 16_000, 53, 50],
    [44_100, 48_000, 147, 160],
  ])('%i to %i Hz, to the last bit or the next, ends and all', async (from, to, inStep, outStep) => {
    const converter = await loadConverter();
    const filter = new PolyphaseFilter(converter, from, to, inStep, outStep);
    for (const length of [1, 7, 20_000]) {
      const samples = noise(length);
      const wanted = converter.convert(samples, from, to).slice(0, Math.max(1, Math.round((length * to) / from)));
      const found = new Float32Array(wanted.length);
      filter.convert(samples, 0, found);
      const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
      expect(worst).toBeLessThanOrEqual(2 ** -23); // values are within ±2
      // A part is the same as the whole has there.
      const skipped = Math.min(wanted.length - 1, 40 * outStep);
      const part = new Float32Array(Math.min(100, wanted.length - skipped));
      filter.convert(samples, skipped, part);
      expect(part).toEqual(found.subarray(skipped, skipped + part.length));
    }
  });

  it('is what `resample` uses where measuring is quick, and not elsewhere', async () => {
    const converter = await loadConverter();
    const samples = noise(3000);
    for (const [from, to] of [
      [44_100, 16_000],
      [16_000, 15_999],
    ] as const) {
      const wanted = converter.convert(samples, from, to).slice();
      const found = (await resample({ samples, sampleRate: from }, to)).samples;
      expect(found).toEqual(wanted.subarray(0, found.length));
    }
    const filter = new PolyphaseFilter(converter, 48_000, 16_000, 3, 1);
    const wanted = new Float32Array(1000);
    filter.convert(samples, 0, wanted);
    expect((await resample({ samples, sampleRate: 48_000 }, 16_000)).samples).toEqual(wanted);
  });
});
