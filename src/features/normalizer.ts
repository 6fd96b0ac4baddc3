// features → features of mean 0 and standard deviation 1, as the training data had them

import { checkInteger, checkNothingElse, checkNumber, checkObject, checkOptions } from '../core/check.ts';
import { isFloat32Array } from '../core/realm.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

/** A {@link Normalizer} as JSON. */
export interface NormalizerJson {
  /** Mean of each bin. */
  readonly mean: number[];
  /** What each bin is divided by. */
  readonly std: number[];
}

/** Standard deviations below are none of features, and would blow what is divided by them up beyond what a network can take in. */
export const LEAST_STD = 2 ** -20;
/** Means and standard deviations beyond are none of features either; a quotient of the two is still a number in single precision. */
export const MOST_LEVEL = 2 ** 40;

/** Options of {@link Normalizer.fit}. */
export interface NormalizerFitOptions {
  /**
   * The least standard deviation, in the unit of the features. A bin that hardly moves in the training data (it lies at the
   * floor) is not blown up when it does move elsewhere. From 2⁻²⁰ to 2⁴⁰.
   * @default 0.1
   */
  readonly minStd?: number | undefined;
}

/**
 * Takes each bin's mean off and divides by its standard deviation.
 *
 * Both are fitted once, on training data and on nothing else, and stored with the model; normalising each recording by itself
 * would lose its level, and fitting on all the data would leak the test into the training.
 *
 * @example
 * const normalizer = Normalizer.fit(trainingMatrices);
 * const normalized = normalizer.apply(matrix);
 */
export class Normalizer {
  /** Mean of each bin. */
  readonly mean: Float32Array;
  /** What each bin is divided by: its standard deviation, or the floor. */
  readonly std: Float32Array;

  /**
   * @param mean one number a bin, within ±2⁴⁰
   * @param std one number a bin, from 2⁻²⁰ to 2⁴⁰
   * @throws {RangeError} when the two are of different lengths or empty, or a number is out of range or not finite
   * @throws {TypeError} when one is no Float32Array
   */
  constructor(mean: Float32Array, std: Float32Array) {
    if (!isFloat32Array(mean) || !isFloat32Array(std)) {
      throw new TypeError('Cannot make a Normalizer: mean and std must be Float32Arrays');
    }
    if (mean.length !== std.length || mean.length === 0) {
      throw new RangeError(
        `Cannot make a Normalizer: mean and std must hold a number for each bin, got ${mean.length} and ${std.length}`,
      );
    }
    for (let bin = 0; bin < mean.length; bin++) {
      checkNumber('make a Normalizer', `mean of bin ${bin}`, mean[bin], -MOST_LEVEL, MOST_LEVEL);
      checkNumber('make a Normalizer', `std of bin ${bin}`, std[bin], LEAST_STD, MOST_LEVEL);
    }
    this.mean = mean;
    this.std = std;
  }

  /**
   * Means and standard deviations (of the population) over all frames of all matrices, which are gone through once.
   *
   * @throws {RangeError} when there is no frame, matrices differ in bins, a value is not finite or `minStd` is not positive
   * @throws {TypeError} when there is an option of another name
   * @see Chan, Golub and LeVeque, Algorithms for Computing the Sample Variance (1983), for putting the parts together
   */
  static fit(matrices: Iterable<FeatureMatrix>, options: NormalizerFitOptions = {}): Normalizer {
    const { minStd = 0.1, ...others } = checkOptions('fit a Normalizer', options);
    checkNothingElse('fit a Normalizer', others);
    checkNumber('fit a Normalizer', 'minStd', minStd, LEAST_STD, MOST_LEVEL);
    let count = 0;
    let mean = new Float64Array(0);
    let squares = new Float64Array(0); // sums of squared differences from the mean
    for (const { values, frames, bins } of matrices) {
      if (frames === 0) continue;
      if (count === 0) {
        mean = new Float64Array(bins);
        squares = new Float64Array(bins);
      }
      if (bins !== mean.length) {
        throw new RangeError(
          `Cannot fit a Normalizer: matrices must have the same bins, got ${mean.length} and ${bins}`,
        );
      }
      for (let bin = 0; bin < bins; bin++) {
        let sum = 0;
        for (let i = bin; i < values.length; i += bins) sum += values[i]!;
        const ownMean = sum / frames;
        let ownSquares = 0;
        for (let i = bin; i < values.length; i += bins) ownSquares += (values[i]! - ownMean) ** 2;
        const apart = ownMean - mean[bin]!;
        mean[bin]! += (apart * frames) / (count + frames);
        squares[bin]! += ownSquares + (apart * apart * count * frames) / (count + frames);
      }
      count += frames;
    }
    if (count === 0) throw new RangeError('Cannot fit a Normalizer: matrices must hold at least one frame, got none');
    return new Normalizer(
      Float32Array.from(mean),
      Float32Array.from(squares, (sum) => Math.max(minStd, Math.sqrt(sum / count))),
    );
  }

  /**
   * The normaliser that {@link Normalizer.toJSON} wrote.
   *
   * @throws {TypeError} when it is not an object of two arrays of numbers
   * @throws {RangeError} when they are of different lengths or empty, or a number is out of range or not finite
   */
  static fromJSON(json: NormalizerJson): Normalizer {
    const { mean, std } = checkObject('read a Normalizer', 'json', json);
    return new Normalizer(floats('mean', mean), floats('std', std));
  }

  /** How many bins the features have. */
  get bins(): number {
    return this.mean.length;
  }

  /**
   * The matrix normalised.
   *
   * @returns a new matrix of the same shape
   * @throws {RangeError} when it has other bins
   */
  apply(matrix: FeatureMatrix): FeatureMatrix {
    const values = new Float32Array(matrix.values.length);
    this.applyInto(matrix, values);
    return { values, frames: matrix.frames, bins: matrix.bins };
  }

  /**
   * Normalises frames into an array that is there already, such as that of a batch.
   *
   * @param source the features
   * @param target where the numbers go, row by row
   * @param offset where in `target` the first of them goes
   * @param startFrame the first frame to take
   * @param endFrame the frame before which to stop
   * @throws {RangeError} when `source` has other bins or not these frames, or `target` no room for them
   */
  applyInto(source: FeatureMatrix, target: Float32Array, offset = 0, startFrame = 0, endFrame = source.frames): void {
    const { mean, std, bins } = this;
    const action = 'normalise';
    checkInteger(action, 'bins of the features', source.bins, bins, bins);
    checkInteger(action, 'endFrame', endFrame, 0, source.frames);
    checkInteger(action, 'startFrame', startFrame, 0, endFrame);
    checkInteger(action, 'offset', offset, 0, target.length - (endFrame - startFrame) * bins);
    for (let frame = startFrame; frame < endFrame; frame++) {
      const from = frame * bins;
      const to = offset + (frame - startFrame) * bins;
      for (let bin = 0; bin < bins; bin++) {
        target[to + bin] = (source.values[from + bin]! - mean[bin]!) / std[bin]!;
      }
    }
  }

  /** Mean and standard deviation as plain arrays, for `JSON.stringify`; {@link Normalizer.fromJSON} gives back the same numbers. */
  toJSON(): NormalizerJson {
    return { mean: Array.from(this.mean), std: Array.from(this.std) };
  }
}

function floats(name: string, values: unknown): Float32Array {
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'number')) {
    throw new TypeError(`Cannot read a Normalizer: ${name} must be an array of numbers`);
  }
  return Float32Array.from(values);
}
