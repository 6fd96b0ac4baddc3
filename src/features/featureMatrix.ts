// rows of numbers → NdArray [frames, bins]

import ndarray, { type NdArray } from 'ndarray';

/**
 * Features of a recording, one row a frame.
 *
 * This is what features are passed around as; {@link toNdArray} gives the same numbers as an NdArray.
 */
export interface FeatureMatrix {
  /** The numbers, row by row: bin b of frame t is `values[t * bins + b]`. */
  readonly values: Float32Array;
  /** How many frames (rows). */
  readonly frames: number;
  /** How many numbers a frame has (columns). */
  readonly bins: number;
}

/**
 * The matrix as an NdArray that shares its numbers.
 *
 * The `ndarray` package compiles its accessors with `new Function`: under a content security policy without
 * 'unsafe-eval' this throws an EvalError, where a {@link FeatureMatrix} still works.
 *
 * @returns [frames, bins]
 */
export function toNdArray(matrix: FeatureMatrix): NdArray<Float32Array> {
  return ndarray(matrix.values, [matrix.frames, matrix.bins]);
}
