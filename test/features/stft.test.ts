import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioFormatError } from '../../src/core/errors.ts';
import { Stft, type StftOptions } from '../../src/features/stft.ts';
import { makeWindow } from '../../src/features/window.ts';
import { expectClose, optionsFor, reference, rows, settingNames, signal, signalNames } from './reference.ts';

/** Magnitudes by the definition: pad as a whole, cut, window, and sum up each frequency term by term. */
function naiveMagnitudes(samples: number[], options: Required<Omit<StftOptions, 'sampleRate' | 'output'>>): number[][] {
  const { frameLength, hopLength, fftLength, padding, scaling, window } = options;
  const w = makeWindow(window!, frameLength!);
  const scale = scaling === 'fullScale' ? 2 / w.reduce((a, b) => a + b, 0) : 1;
  const pad = padding === 'none' ? 0 : Math.ceil(frameLength! / 2);
  let padded = samples;
  while (padding === 'reflect' && padded.length < samples.length + 2 * pad) {
    // One more mirror image on either side at a time, until there is enough.
    const [before, after] = [padded.slice(1).reverse(), padded.slice(0, -1).reverse()];
    padded = samples.length === 1 ? [padded[0]!, ...padded, padded[0]!] : [...before, ...padded, ...after];
  }
  const origin = padding === 'reflect' ? (padded.length - samples.length) / 2 : 0;
  const at = (i: number) => padded[origin + i] ?? 0;
  const frames: number[][] = [];
  for (let start = -pad; frames.length === 0 || start + frameLength! <= samples.length + pad; start += hopLength!) {
    if (padding !== 'none' && start + pad > samples.length) break;
    const magnitudes: number[] = [];
    for (let k = 0; k <= fftLength! / 2; k++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < frameLength!; i++) {
        const angle = (2 * Math.PI * ((k * i) % fftLength!)) / fftLength!;
        re += scale * w[i]! * at(start + i) * Math.cos(angle);
        im -= scale * w[i]! * at(start + i) * Math.sin(angle);
      }
      magnitudes.push(Math.hypot(re, im));
    }
    frames.push(magnitudes);
  }
  return frames;
}

const frameOptions = fc
  .record({
    fftLength: fc.constantFrom(4, 8, 16, 32),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    hopLength: fc.integer({ min: 1, max: 40 }),
    window: fc.constantFrom('hann' as const, 'hamming' as const, 'rectangular' as const),
    padding: fc.constantFrom('reflect' as const, 'constant' as const, 'none' as const),
    scaling: fc.constantFrom('fullScale' as const, 'none' as const),
  })
  .map(({ share, ...options }) => ({ ...options, frameLength: 1 + Math.round(share * (options.fftLength - 1)) }));
const sampleValues = fc.array(fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround), {
  minLength: 1,
  maxLength: 90,
});

describe('Stft', () => {
  for (const name of signalNames) {
    it.each(settingNames)(`${name}, settings '%s': spectra are torchaudio's`, (setting) => {
      const [frames, ...some] = reference(`${name}/${setting}/frames`).values;
      const complex = optionsFor(setting).stft.fftLength === 512;
      const stft = new Stft({ ...optionsFor(setting).stft, output: complex ? 'complex' : 'power' });
      const matrix = stft.compute(signal(name));
      const expected = reference(`${name}/${setting}/${complex ? 'spectrum' : 'power'}`);
      expect(matrix.frames).toBe(frames);
      expect(stft.frameCount(signal(name).length)).toBe(frames);
      expectClose(rows(matrix.values, matrix.bins, some), expected.values);
    });
  }

  it('frames shorter than the FFT, without padding, full scale: twice scipy.signal.stft scaled as a spectrum', () => {
    const stft = new Stft({ frameLength: 400, hopLength: 160, fftLength: 512, padding: 'none' });
    const { values, frames, bins } = stft.compute(signal('chirp'));
    const expected = reference('scipy/stft');
    const every8th = Array.from({ length: Math.ceil(frames / 8) }, (_, i) => 8 * i);
    expect([every8th.length, bins]).toEqual(expected.shape);
    expectClose(
      rows(values, bins, every8th),
      expected.values.map((v) => 2 * v),
    );
  });

  it('is its definition written out, for any frame, hop, padding and length, inputs shorter than a frame included', () => {
    fc.assert(
      fc.property(sampleValues, frameOptions, (samples, options) => {
        fc.pre(options.frameLength !== 2 || options.window !== 'hann');
        const expected = naiveMagnitudes(samples, options);
        const { values, frames, bins } = new Stft(options).compute(Float32Array.from(samples));
        expect([frames, bins]).toEqual([expected.length, expected[0]!.length]);
        for (const [i, value] of expected.flat().entries())
          expect(Math.abs(values[i]! - value)).toBeLessThan(2e-6 * Math.max(1, value));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it.each([400, 1280, 2047])(
    'a full-scale sine on a bin has magnitude 1, frame length %i (closed form)',
    (frameLength) => {
      const samples = Float32Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * 256 * i) / 2048));
      const { values, bins } = new Stft({ frameLength, fftLength: 2048 }).compute(samples);
      expect(values[10 * bins + 256]).toBeCloseTo(1, 4);
    },
  );

  it('holds |X|, |X|² or both parts of X (definition)', () => {
    const samples = signal('noise').subarray(0, 700);
    const options = { frameLength: 100, hopLength: 50, fftLength: 128 };
    const complex = new Stft({ ...options, output: 'complex' }).compute(samples).values;
    const power = new Stft({ ...options, output: 'power' }).compute(samples).values;
    const magnitude = new Stft(options).compute(samples).values;
    const squares = power.map((_, i) => complex[2 * i]! ** 2 + complex[2 * i + 1]! ** 2);
    expectClose(power, squares, 1e-6);
    expectClose(magnitude, squares.map(Math.sqrt), 1e-6);
  });

  it('a delay of one hop moves the frames by one (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 }), (x) => {
        const stft = new Stft({ frameLength: 16, hopLength: 8, fftLength: 16, padding: 'none', output: 'complex' });
        const moved = stft.compute(Float32Array.from([...new Array(8).fill(0), ...x]));
        const { values } = stft.compute(Float32Array.from(x));
        expect(moved.values.subarray(moved.bins)).toEqual(values);
      }),
      { seed: 1 },
    );
  });

  it('gives NdArrays [frames, bins] and [frames, bins, 2]', () => {
    const waveform = { samples: signal('chirp'), sampleRate: 16000 };
    const options = { frameLength: 400, hopLength: 160, fftLength: 512 };
    const magnitudes = new Stft(options).transform(waveform);
    const complex = new Stft({ ...options, output: 'complex' }).transform(waveform);
    expect(magnitudes.shape).toEqual([41, 257]);
    expect(complex.shape).toEqual([41, 257, 2]);
    expect(Math.hypot(complex.get(7, 30, 0), complex.get(7, 30, 1))).toBeCloseTo(magnitudes.get(7, 30), 6);
  });

  it('keeps nothing from one recording to the next', () => {
    const stft = new Stft();
    const [noise, chirp] = [signal('noise'), signal('chirp').subarray(0, 300)];
    const first = stft.compute(chirp).values;
    stft.compute(noise);
    expect(stft.compute(chirp).values).toEqual(first);
  });

  it('shows the options in effect', () => {
    expect(new Stft().options).toEqual({
      sampleRate: 16000,
      frameLength: 1280,
      hopLength: 400,
      fftLength: 2048,
      window: 'hann',
      padding: 'reflect',
      scaling: 'fullScale',
      output: 'magnitude',
    });
    expect(new Stft({ sampleRate: 48000 }).options).toMatchObject({
      frameLength: 3840,
      hopLength: 1200,
      fftLength: 4096,
    });
    expect(new Stft({ frameLength: 512 }).options.fftLength).toBe(512);
  });

  it.each<[StftOptions, typeof RangeError, string]>([
    [{ frameLength: 0 }, RangeError, 'Cannot make an Stft: frameLength must be a whole number from 1 to 65536, got 0'],
    [{ frameLength: 100.5 }, RangeError, 'frameLength must be a whole number'],
    [{ hopLength: 0 }, RangeError, 'hopLength must be a whole number from 1'],
    [{ sampleRate: Number.NaN }, RangeError, 'sampleRate must be a whole number'],
    [{ frameLength: 400, fftLength: 256 }, RangeError, 'fftLength must be a whole number from 400 to 65536, got 256'],
    [{ frameLength: 400, fftLength: 500 }, RangeError, 'length must be a power of two'],
    [{ frameLength: '400' as never }, TypeError, 'frameLength must be a whole number from 1 to 65536, got "400"'],
    [{ output: 'phase' as never }, RangeError, "output must be one of 'magnitude', 'power', 'complex', got \"phase\""],
    [{ padding: 'zero' as never }, RangeError, "padding must be one of 'reflect', 'constant', 'none'"],
    [{ scaling: true as never }, RangeError, "scaling must be one of 'fullScale', 'none', got true"],
    [{ window: 'kaiser' as never }, RangeError, 'got "kaiser"'],
    [{ hop: 160 } as never, TypeError, "Cannot make an Stft: there is no option named 'hop'"],
  ])('refuses %j', (options, errorClass, message) => {
    expect(() => new Stft(options)).toThrow(errorClass);
    expect(() => new Stft(options)).toThrow(message);
  });

  it('refuses what it cannot transform', () => {
    const stft = new Stft();
    const samples = new Float32Array(2000);
    expect(() => stft.compute(new Float32Array(0))).toThrow(RangeError);
    expect(() => stft.frameCount(0)).toThrow(RangeError);
    expect(() => stft.frameCount(1.5)).toThrow(RangeError);
    expect(() => stft.transform({ samples, sampleRate: 48000 })).toThrow(
      new RangeError(
        "Cannot transform: the waveform's sampleRate must be 16000 Hz, got 48000 Hz; resample it, or set the option sampleRate",
      ),
    );
    samples[3] = Number.NaN;
    expect(() => stft.compute(samples)).toThrow(AudioFormatError);
    samples[3] = Number.POSITIVE_INFINITY;
    expect(() => stft.compute(samples)).toThrow('at sample 3');
  });
});
