import { expect, it } from 'vitest';
import { FrameSpectra, type Frames, samplesAt } from '../../src/features/frameSpectra.ts';

// Spectra themselves are held to torchaudio, SciPy and the definition in stft.test.ts, which goes through this class.

it.each([
  ['hann', 1.5],
  ['hamming', 1.3628],
  ['blackman', 1.7268],
  ['rectangular', 1],
] as const)('the bandwidth of %s is %f bins (Harris, On the Use of Windows, 1978, table I)', (window, expected) => {
  expect(new FrameSpectra('test', { window, frameLength: 2048 }).bandwidth).toBeCloseTo(expected, 2);
  // Twice the bins in the same band of hertz.
  expect(new FrameSpectra('test', { window, frameLength: 2048, fftLength: 4096 }).bandwidth).toBeCloseTo(
    2 * expected,
    2,
  );
});

it('the bandwidth times the power in its own bin is the power of a sine in all bins', () => {
  const spectra = new FrameSpectra('test', { frameLength: 1280, fftLength: 2048, padding: 'none' });
  const samples = Float32Array.from({ length: 1280 }, (_, i) => Math.sin((2 * Math.PI * 200 * i) / 2048));
  spectra.eachPower(spectra.check(samples), (power) => {
    expect(power.reduce((a, b) => a + b, 0) / spectra.bandwidth).toBeCloseTo(1, 3);
  });
});

it('hands out one buffer for all frames', () => {
  const spectra = new FrameSpectra('test', { frameLength: 16, hopLength: 8 });
  const buffers = new Set<Float64Array>();
  const visited: number[] = [];
  spectra.each(spectra.check(new Float32Array(32)), (spectrum, frame) => {
    buffers.add(spectrum);
    visited.push(frame);
  });
  expect(buffers.size).toBe(1);
  expect(visited).toEqual([0, 1, 2, 3, 4]);
});

it('samplesAt takes a waveform at that rate and no other', () => {
  const samples = new Float32Array(3);
  expect(samplesAt(8000, { samples, sampleRate: 8000 })).toBe(samples);
  expect(() => samplesAt(8000, { samples, sampleRate: 16000 })).toThrow(/8000 Hz, got 16000 Hz/);
});

it('gives some frames as it gives them among all, and names those there are', () => {
  const spectra = new FrameSpectra('test', { frameLength: 16, hopLength: 8 });
  const samples = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i * i));
  const powerOf = (frames: Frames) => {
    const all: number[][] = [];
    spectra.eachPower(frames, (power, place) => all.splice(place, 1, [...power]));
    return all;
  };
  expect(powerOf(spectra.range(samples, 3, 9))).toEqual(powerOf(spectra.check(samples)).slice(3, 9));
  expect(() => spectra.range(samples, 3, 14)).toThrow('end must be a whole number from 0 to 13, got 14');
  expect(() => spectra.range(samples, -1, 4)).toThrow('start must be a whole number from 0 to 4, got -1');
});
