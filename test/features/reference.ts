// test/reference/features → signals and the features that SciPy and torchaudio have of them

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { LogMelOptions } from '../../src/features/logMel.ts';
import type { StftOptions } from '../../src/features/stft.ts';

const folder = new URL('../reference/features/', import.meta.url);
const index = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as {
  ravdessClip: string;
  settings: Record<
    string,
    Required<Omit<LogMelOptions, 'sampleRate' | 'scaling' | 'minDb'>> & { coefficients: number }
  >;
  arrays: Record<string, { shape: number[]; offset: number }>;
};
const bytes = readFileSync(new URL('values.bin', folder));

/** Float32 rounding of what is stored plus the float32 filters of torchaudio, tenfold; see generate.py. */
const TOLERANCE = 1e-5;

/** The recording that the RAVDESS references are of. */
export const ravdessClip = index.ravdessClip;
/** The names of the settings. */
export const settingNames = Object.keys(index.settings);
/** The names of the signals that are there in full. */
export const signalNames = ['chirp', 'noise', 'impulse', 'speech'] as const;

/** An array by SciPy or torchaudio. */
export function reference(name: string): { shape: number[]; values: Float32Array } {
  const found = index.arrays[name];
  if (!found) throw new Error(`There is no reference named ${name}`);
  const { shape, offset } = found;
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Float32Array.from({ length }, (_, i) => bytes.readFloatLE(offset + 4 * i)) };
}

/** Options for this library that say what generate.py did: no scaling, and torchaudio's `amin` as the floor. */
export function optionsFor(setting: string) {
  const { frameLength, hopLength, fftLength, window, padding, coefficients, ...mel } = index.settings[setting]!;
  const stft: StftOptions = { frameLength, hopLength, fftLength, window, padding, scaling: 'none' };
  const logMel: LogMelOptions = { ...stft, ...mel, minDb: -100 };
  return { stft, mel: { sampleRate: 16000, fftLength: fftLength!, ...mel }, logMel, mfcc: { ...logMel, coefficients } };
}

/** The signals of generate.py, at 16 kHz. */
export function signal(name: string): Float32Array {
  switch (name) {
    case 'chirp':
      return Float32Array.from({ length: 6400 }, (_, i) => {
        const t = i / 16000;
        return 0.5 * Math.sin(2 * Math.PI * (50 * t + 9500 * t * t));
      });
    case 'noise': {
      let state = 1;
      return Float32Array.from({ length: 6400 }, () => {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0;
        return 0.3 * (state / 2 ** 31 - 1);
      });
    }
    case 'impulse':
      return Float32Array.from({ length: 2000 }, (_, i) => (i === 777 ? 1 : 0));
    case 'speech': {
      const wav = readFileSync(new URL('speech.wav', folder)); // 44 bytes of header, then 16-bit samples
      return Float32Array.from({ length: (wav.length - 44) / 2 }, (_, i) => wav.readInt16LE(44 + 2 * i) / 32768);
    }
    default:
      throw new Error(`There is no signal named ${name}`);
  }
}

/** The greatest difference between two arrays, relative to the greatest element of the one that is expected. */
function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers, ${expected.length} expected`);
  let difference = 0;
  let greatest = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!)); // NaN gets through
    greatest = Math.max(greatest, Math.abs(expected[i]!));
  }
  return greatest === 0 ? difference : difference / greatest;
}

/** Expects arrays of one length that differ by at most `tolerance` of the greatest element. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): void {
  const error = relativeError(actual, expected);
  if (process.env.SHOW_ERRORS) console.log(`${error.toExponential(1)} ${expect.getState().currentTestName}`);
  expect(error).toBeLessThanOrEqual(tolerance);
}

/** Rows of a matrix, one after the other. */
export function rows(values: Float32Array, length: number, which: Iterable<number>): Float32Array {
  return Float32Array.from(
    Array.from(which, (row) => Array.from(values.subarray(row * length, (row + 1) * length))).flat(),
  );
}
