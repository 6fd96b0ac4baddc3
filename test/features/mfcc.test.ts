import { describe, expect, it } from 'vitest';
import { LogMel } from '../../src/features/logMel.ts';
import { Mfcc } from '../../src/features/mfcc.ts';
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

describe('Mfcc', () => {
  for (const name of signalNames) {
    it.each(settingNames)(`${name}, settings '%s': coefficients are torchaudio's`, (setting) => {
      const matrix = new Mfcc(optionsFor(setting).mfcc).compute(signal(name));
      const { shape, values } = reference(`${name}/${setting}/mfcc`);
      expect([matrix.frames, matrix.bins]).toEqual(shape);
      expectClose(matrix.values, values);
    });
  }

  withRavdess('on RAVDESS', () => {
    it.each(['long', 'short'])("settings '%s': every 10th frame is torchaudio's", async (setting) => {
      const recording = (await recordingsIn(ravdessZip!)).get(ravdessClip)!;
      const { values, frames, bins } = new Mfcc(optionsFor(setting).mfcc).compute((await recording()).samples);
      const every10th = Array.from({ length: Math.ceil(frames / 10) }, (_, i) => 10 * i);
      expectClose(rows(values, bins, every10th), reference(`ravdess/${setting}/mfcc`).values);
    });
  });

  it('is scipy.fft.dct, type 2 and orthonormal, of the levels', () => {
    const { values } = new Mfcc(optionsFor('long').mfcc).compute(signal('speech'));
    expectClose(values, reference('scipy/dct').values);
  });

  it('all coefficients keep the sum of squares (Parseval: the transform is orthonormal)', () => {
    const options = { melBands: 30, coefficients: 30 };
    const cepstra = new Mfcc(options).compute(signal('speech')).values;
    const levels = new LogMel({ melBands: 30 }).compute(signal('speech')).values;
    const squares = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0);
    expect(squares(cepstra) / squares(levels)).toBeCloseTo(1, 6);
  });

  it('gives an NdArray, shows the options in effect and refuses others', () => {
    const mfcc = new Mfcc();
    expect(mfcc.transform({ samples: signal('chirp'), sampleRate: 16000 }).shape).toEqual([17, 40]);
    expect(mfcc.frameCount(6400)).toBe(17);
    expect(() => mfcc.transform({ samples: signal('chirp'), sampleRate: 8000 })).toThrow(/16000 Hz, got 8000 Hz/);
    expect(mfcc.options).toEqual({ ...new LogMel().options, coefficients: 40 });
    expect(new Mfcc({ melBands: 24 }).bins).toBe(24);
    expect(() => new Mfcc({ coefficients: 81 })).toThrow(
      new RangeError('Cannot make an Mfcc: coefficients must be a whole number from 1 to 80, got 81'),
    );
    expect(() => new Mfcc({ lifter: 22 } as never)).toThrow(TypeError);
  });
});
