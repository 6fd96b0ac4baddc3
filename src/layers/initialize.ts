// seed → initial weights of a layer
//
// Computed on typed arrays, not by backend operations, so that a seed gives the same weights on every backend. tfjs' own
// orthogonal initialiser also calls chained operations, which fail where only tfjs-core and tfjs-layers are loaded.

import type { RandomStream } from '../core/random.ts';

/**
 * Uniform in ±√(6 / (inputs + outputs)): keeps the variance of signals and of gradients through a linear or tanh layer.
 *
 * @param inputs how many values one output is a sum over (fan in)
 * @param outputs how many outputs one input goes to (fan out)
 * @see Glorot & Bengio 2010, equation 16
 */
export function glorotUniform(size: number, inputs: number, outputs: number, random: RandomStream): Float32Array {
  return uniform(size, Math.sqrt(6 / (inputs + outputs)), random);
}

/**
 * Uniform in ±√(6 / inputs): keeps the variance of signals through a layer that a ReLU follows.
 *
 * @see He et al. 2015, equation 10
 */
export function heUniform(size: number, inputs: number, random: RandomStream): Float32Array {
  return uniform(size, Math.sqrt(6 / inputs), random);
}

/**
 * A matrix with orthonormal rows (or columns, where there are fewer of them), which neither stretches nor shrinks a
 * signal that passes through it again and again: Gram-Schmidt on normal vectors.
 *
 * @returns [rows, columns], row-major
 * @see Saxe et al. 2014
 */
export function orthogonal(rows: number, columns: number, random: RandomStream): Float32Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let n = 0; n < count; n++) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Subtracting twice makes up for what rounding leaves of the projections the first time.
    for (const other of [...vectors, ...vectors]) {
      const projection = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i]! -= projection * other[i]!;
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  const matrix = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      matrix[row * columns + column] = rows <= columns ? vectors[row]![column]! : vectors[column]![row]!;
    }
  }
  return matrix;
}

function uniform(size: number, limit: number, random: RandomStream): Float32Array {
  return Float32Array.from({ length: size }, () => random.uniform(-limit, limit));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
