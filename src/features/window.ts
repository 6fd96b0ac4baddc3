// window name, length → window coefficients

import { checkInteger, checkOneOf } from '../core/check.ts';

/** The windows there are. */
export type WindowName = 'hann' | 'hamming' | 'blackman' | 'rectangular';

/** Coefficients of the sums of cosines, as SciPy and PyTorch have them. */
const COSINES: Readonly<Record<WindowName, readonly number[]>> = {
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
  rectangular: [1],
};

/** Their names. */
export const WINDOWS = Object.keys(COSINES) as WindowName[];

/**
 * A window for spectral analysis: w[n] = Σₖ (−1)ᵏ aₖ cos(2πkn / length).
 *
 * It is periodic (SciPy's `sym=False`, PyTorch's `periodic=True`): the first period of an endless one, which is what
 * makes shifted copies add up to a constant. A window of length 1 is `[1]`.
 *
 * @param name which window
 * @param length in samples, at least 1
 * @returns `length` coefficients in [0, 1]
 * @throws {RangeError} when there is no window of that name, or the length is not a whole number of samples
 * @example
 * makeWindow('hann', 4); // Float64Array [0, 0.5, 1, 0.5]
 */
export function makeWindow(name: WindowName, length: number): Float64Array {
  const cosines = COSINES[checkOneOf('make a window', 'name', name, WINDOWS)];
  checkInteger('make a window', 'length', length, 1, 2 ** 31 - 1);
  if (length === 1) return Float64Array.of(1);
  return Float64Array.from({ length }, (_, n) =>
    cosines.reduce((sum, a, k) => sum + (k % 2 === 0 ? a : -a) * Math.cos((2 * Math.PI * k * n) / length), 0),
  );
}
