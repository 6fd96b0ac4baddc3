import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hzToMel, type MelOptions, melFilterBank, melToHz } from '../../src/features/mel.ts';
import { Stft } from '../../src/features/stft.ts';
import { expectClose, optionsFor, reference, rows, settingNames, signal, signalNames } from './reference.ts';

const scales = ['slaney', 'htk'] as const;

/** The filters as a matrix [bands, bins]. */
function dense(options: Parameters<typeof melFilterBank>[0]): Float64Array {
  const bins = options.fftLength / 2 + 1;
  const bands = melFilterBank(options);
  const matrix = new Float64Array(bands.length * bins);
  for (const [band, { firstBin, weights }] of bands.entries()) matrix.set(weights, band * bins + firstBin);
  return matrix;
}

describe('hzToMel and melToHz', () => {
  // Values that librosa documents (librosa.hz_to_mel, librosa.mel_to_hz), and 1000 Hz = 1000 mel by HTK's design.
  it('have the values that define the scales', () => {
    expect([60, 110, 220, 440].map((hz) => Number(hzToMel(hz).toFixed(3)))).toEqual([0.9, 1.65, 3.3, 6.6]);
    expect([1, 2, 3, 4, 5].map((mel) => Number(melToHz(mel).toFixed(3)))).toEqual([
      66.667, 133.333, 200, 266.667, 333.333,
    ]);
    expect(hzToMel(6400)).toBeCloseTo(15 + 27, 12);
    expect(hzToMel(1000, 'htk')).toBeCloseTo(1000, 1);
    expect(hzToMel(0, 'htk')).toBe(0);
  });

  it.each(scales)("%s: they are each other's inverse and rise (property)", (scale) => {
    const hz = fc.double({ min: 0, max: 24000, noNaN: true });
    fc.assert(
      fc.property(hz, hz, (a, b) => {
        expect(Math.abs(melToHz(hzToMel(a, scale), scale) - a)).toBeLessThan(1e-8);
        if (a + 1e-6 < b) expect(hzToMel(a, scale)).toBeLessThan(hzToMel(b, scale));
      }),
      { seed: 1 },
    );
  });
});

describe('melFilterBank', () => {
  for (const melScale of scales) {
    it.each(['slaney', 'none'] as const)(`${melScale} scale, norm %s: torchaudio's filters`, (melNorm) => {
      const options = { melScale, melNorm, sampleRate: 16000, fftLength: 512, melBands: 20, minHz: 20, maxHz: 3700 };
      expectClose(dense(options), reference(`filters/${melScale}/${melNorm}`).values);
    });
  }

  for (const name of signalNames) {
    it.each(settingNames)(`${name}, settings '%s': mel powers are torchaudio's`, (setting) => {
      const { stft, mel } = optionsFor(setting);
      const power = new Stft({ ...stft, output: 'power' }).compute(signal(name));
      const [, ...some] = reference(`${name}/${setting}/frames`).values;
      const bands = melFilterBank(mel);
      const expected = reference(`${name}/${setting}/mel`).values;
      const actual = Array.from(rows(power.values, power.bins, some)).flatMap((_, i, all) => {
        if (i % power.bins !== 0) return [];
        return bands.map(({ firstBin, weights }) => weights.reduce((sum, w, k) => sum + w * all[i + firstBin + k]!, 0));
      });
      expectClose(actual, expected);
    });
  }

  const banks = fc
    .record({
      melBands: fc.integer({ min: 2, max: 40 }),
      minHz: fc.integer({ min: 0, max: 500 }),
      maxHz: fc.integer({ min: 4000, max: 8000 }),
      melScale: fc.constantFrom(...scales),
    })
    .map((options) => ({ ...options, sampleRate: 16000, fftLength: 4096 }));

  it('between the first and the last peak the weights of each bin add up to one (property)', () => {
    fc.assert(
      fc.property(banks, (options) => {
        const matrix = dense(options);
        const bands = melFilterBank(options);
        for (let bin = 0; bin <= 2048; bin++) {
          const hz = (bin * 16000) / 4096;
          if (hz < bands[0]!.centreHz || hz > bands.at(-1)!.centreHz) continue;
          let sum = 0;
          for (let band = 0; band < bands.length; band++) sum += matrix[band * 2049 + bin]!;
          expect(sum).toBeCloseTo(1, 10);
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('peaks are even in mel, each band ends where the next but one begins, no weight is 0 (property)', () => {
    fc.assert(
      fc.property(banks, (options) => {
        const bands = melFilterBank(options);
        expect(bands[0]!.lowHz).toBeCloseTo(options.minHz, 8);
        expect(bands.at(-1)!.highHz).toBe(options.maxHz);
        const step =
          (hzToMel(options.maxHz, options.melScale) - hzToMel(options.minHz, options.melScale)) / (bands.length + 1);
        for (const [i, band] of bands.entries()) {
          expect(hzToMel(band.centreHz, options.melScale) - hzToMel(band.lowHz, options.melScale)).toBeCloseTo(step, 6);
          if (i >= 2) expect(band.lowHz).toBe(bands[i - 2]!.highHz);
          expect(Math.min(...band.weights)).toBeGreaterThan(0);
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("norm 'slaney' gives each triangle the area 1 in hertz (definition)", () => {
    const options = { sampleRate: 16000, fftLength: 65536, melNorm: 'slaney' as const };
    for (const { weights } of melFilterBank(options)) {
      expect(weights.reduce((a, b) => a + b, 0) * (16000 / 65536)).toBeCloseTo(1, 4);
    }
  });

  it('is 80 bands from 50 to 7500 Hz, or to half the sampling rate', () => {
    const bands = melFilterBank({ sampleRate: 16000, fftLength: 2048 });
    expect([bands.length, bands[0]!.lowHz, bands[79]!.highHz]).toEqual([80, 50, 7500]);
    expect(melFilterBank({ sampleRate: 8000, fftLength: 2048 })[79]!.highHz).toBe(4000);
  });

  it.each<[MelOptions & { sampleRate?: number; fftLength?: number }, string]>([
    [{ melBands: 0 }, 'Cannot make mel bands: melBands must be a whole number from 1 to 4096, got 0'],
    [{ minHz: -1 }, 'minHz must be a number from 0 to 7500, got -1'],
    [{ maxHz: 9000 }, 'maxHz must be a number from 0 to 8000, got 9000'],
    [{ minHz: 5000, maxHz: 4000 }, 'minHz must be a number from 0 to 4000, got 5000'],
    [{ melScale: 'bark' as never }, "melScale must be one of 'slaney', 'htk', got \"bark\""],
    [{ melNorm: null as never }, "melNorm must be one of 'none', 'slaney', got null"],
    [{ fftLength: 512, melBands: 200 }, 'each must hold a bin of the spectrum, got none in band '],
    [{ minHz: 1000, maxHz: 1000 }, 'got none in band 0'],
    [{ sampleRate: 0 }, 'sampleRate must be'],
  ])('refuses %j', (options, message) => {
    const attempt = () => melFilterBank({ sampleRate: 16000, fftLength: 2048, ...options });
    expect(attempt).toThrow(RangeError);
    expect(attempt).toThrow(message);
  });
});
