import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogMel, type LogMelOptions } from '../../src/features/logMel.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';
import { recordingsIn } from './recordings.ts';
import {
  expectClose,
  optionsFor,
  ravdessClip,
  reference,
  rows,
  settingNames,
  signal,
  signalNames,
} from './reference.ts';

/** A sine of amplitude 1, half a second at 16 kHz. */
const sine = (hz: number) => Float32Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * hz * i) / 16000));

describe('LogMel', () => {
  for (const name of signalNames) {
    it.each(settingNames)(`${name}, settings '%s': levels are torchaudio's`, (setting) => {
      const matrix = new LogMel(optionsFor(setting).logMel).compute(signal(name));
      const { shape, values } = reference(`${name}/${setting}/level`);
      expect([matrix.frames, matrix.bins]).toEqual(shape);
      expectClose(matrix.values, values);
    });
  }

  withRavdess('on RAVDESS', () => {
    it.each(['long', 'short'])("settings '%s': every 10th frame is torchaudio's", async (setting) => {
      const recording = (await recordingsIn(ravdessZip!)).get(ravdessClip)!;
      const { values, frames, bins } = new LogMel(optionsFor(setting).logMel).compute((await recording()).samples);
      expect(frames).toBe(reference(`ravdess/${setting}/frames`).values[0]);
      const every10th = Array.from({ length: Math.ceil(frames / 10) }, (_, i) => 10 * i);
      expectClose(rows(values, bins, every10th), reference(`ravdess/${setting}/level`).values);
    });
  });

  it.each<LogMelOptions>([
    {},
    { frameLength: 400, fftLength: 512, melBands: 20 },
    { frameLength: 1280, fftLength: 8192 },
    { window: 'blackman', frameLength: 2048 },
    { window: 'rectangular', frameLength: 4096 },
  ])('a full-scale sine is 0 dB in its band, whatever the frame and the FFT: %j (closed form)', (options) => {
    const logMel = new LogMel(options);
    const { values, bins } = logMel.compute(sine(5000));
    const middle = values.subarray(10 * bins, 11 * bins);
    // Neighbouring bands share a sine between two peaks: together they hold all of it.
    const total = middle.reduce((sum, db) => sum + 10 ** (db / 10), 0);
    expect(10 * Math.log10(total)).toBeCloseTo(0, 1);
    expect(Math.max(...middle)).toBeGreaterThan(-3.1);
  });

  it('is a floor: nothing is below minDb, silence is minDb everywhere', () => {
    const logMel = new LogMel({ minDb: -65 });
    expect(new Set(logMel.compute(new Float32Array(1000)).values)).toEqual(new Set([-65]));
    const { values } = logMel.compute(signal('speech'));
    expect(Math.min(...values)).toBe(-65);
    const { values: lower } = new LogMel({ minDb: -80 }).compute(signal('speech'));
    expect(values).toEqual(lower.map((db) => Math.max(db, -65)));
  });

  it('ten times the amplitude is 20 dB more (property)', () => {
    const logMel = new LogMel({ minDb: -200 });
    const [loud, quiet] = [signal('speech'), signal('speech').map((v) => v / 10)];
    const { values } = logMel.compute(loud);
    for (const [i, db] of logMel.compute(quiet).values.entries()) {
      if (db > -130) expect(Math.abs(db + 20 - values[i]!)).toBeLessThan(1e-3);
    }
  });

  it('any number of samples gives finite features of the frames promised (property)', () => {
    const extractors = (['reflect', 'constant', 'none'] as const).map((padding) => new LogMel({ padding }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.constantFrom(...extractors), (length, logMel) => {
        const { values, frames, bins } = logMel.compute(signal('noise').subarray(0, length));
        expect(frames).toBe(logMel.frameCount(length));
        expect(values.length).toBe(frames * bins);
        expect(values.every(Number.isFinite)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('gives an NdArray [frames, melBands] of the same numbers', () => {
    const logMel = new LogMel({ melBands: 64 });
    const samples = signal('speech');
    const picture = logMel.transform({ samples, sampleRate: 16000 });
    expect(picture.shape).toEqual([logMel.frameCount(samples.length), 64]);
    expect(picture.data).toEqual(logMel.compute(samples).values);
    expect(() => logMel.transform({ samples, sampleRate: 44100 })).toThrow(/16000 Hz, got 44100 Hz/);
  });

  it('shows the options in effect, and refuses others', () => {
    const { options } = new LogMel();
    expect(options).toEqual({
      sampleRate: 16000,
      frameLength: 1280,
      hopLength: 400,
      fftLength: 2048,
      window: 'hann',
      padding: 'reflect',
      scaling: 'fullScale',
      melBands: 80,
      minHz: 50,
      maxHz: 7500,
      melScale: 'slaney',
      melNorm: 'none',
      minDb: -80,
    });
    expect(new LogMel(options).options).toEqual(options);
    expect(() => new LogMel({ output: 'power' } as never)).toThrow(
      "Cannot make a LogMel: there is no option named 'output'",
    );
    expect(() => new LogMel({ minDb: Number.NaN })).toThrow(
      'Cannot make a LogMel: minDb must be a number from -1000 to 1000',
    );
    expect(() => new LogMel({ frameLength: 400, melBands: 200 })).toThrow('take fewer melBands or a larger fftLength');
  });
});
