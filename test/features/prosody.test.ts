import { expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/index.ts';

const RATE = 16_000;

it.each([61, 100, 123.4, 220, 333, 590])(
  'finds the pitch, voicing and level of a tone of %f Hz (oracle: as it is made)',
  (hz) => {
    const extractor = new FeatureExtractor({ prosody: true, trim: false });
    const amplitudes = [0.1, 0.05, 0.033, 0.025];
    const samples = Float32Array.from({ length: RATE }, (_, i) =>
      amplitudes.reduce((sum, a, k) => sum + a * Math.sin((2 * Math.PI * hz * (k + 1) * i) / RATE), 0),
    );
    const { values, bins } = extractor.compute(samples);
    expect(bins).toBe(83);
    const [pitch, voicing, level] = values.subarray(20 * bins + 80, 21 * bins);
    expect(voicing).toBeGreaterThan(0.99);
    expect((100 * 2 ** (pitch! / voicing! / 12)) / hz).toBeCloseTo(1, 2);
    expect(level).toBeCloseTo(10 * Math.log10(amplitudes.reduce((sum, a) => sum + a * a, 0)), 1);
  },
);

it('has neither pitch nor level in silence', () => {
  const { silence } = new FeatureExtractor({ prosody: true });
  expect([...silence.subarray(80)]).toEqual([0, 0, -80]);
});
