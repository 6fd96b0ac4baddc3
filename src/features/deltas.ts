// features → how fast they change

import { checkInteger, checkNothingElse, checkOptions } from '../core/check.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

/** Options of {@link deltas}. */
export interface DeltasOptions {
  /**
   * Over how many frames the slope is taken (`win_length`), odd and at least 3.
   * @default 5
   */
  readonly windowLength?: number | undefined;
}

/**
 * The slope of each feature over time, by least squares over a window of frames about each:
 * d[t] = Σₙ n (x[t+n] − x[t−n]) / (2 Σₙ n²) for n = 1 … (windowLength − 1) / 2. The first and the last frame are repeated beyond the ends.
 *
 * @returns as many frames and bins as came in, in units a frame
 * @throws {RangeError} when `windowLength` is not odd and at least 3
 * @throws {TypeError} when it is not a number or there is an option of another name
 * @example
 * const acceleration = deltas(deltas(matrix));
 * @see `torchaudio.functional.compute_deltas`; `librosa.feature.delta` with `mode='nearest'`
 */
export function deltas(matrix: FeatureMatrix, options: DeltasOptions = {}): FeatureMatrix {
  const { windowLength = 5, ...others } = checkOptions('take deltas', options);
  checkNothingElse('take deltas', others);
  checkInteger('take deltas', 'windowLength', windowLength, 3, 65535);
  if (windowLength % 2 === 0) {
    throw new RangeError(`Cannot take deltas: windowLength must be odd, got ${windowLength}`);
  }
  const { values: source, frames, bins } = matrix;
  const reach = (windowLength - 1) / 2;
  const divisor = (reach * (reach + 1) * (2 * reach + 1)) / 3; // 2 Σ n²
  const values = new Float32Array(source.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      let sum = 0;
      for (let n = 1; n <= reach; n++) {
        const after = source[Math.min(frame + n, frames - 1) * bins + bin]!;
        const before = source[Math.max(frame - n, 0) * bins + bin]!;
        sum += n * (after - before);
      }
      values[frame * bins + bin] = sum / divisor;
    }
  }
  return { values, frames, bins };
}
