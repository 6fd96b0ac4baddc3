// seed → streams of random numbers, the library's only source of randomness

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { shown } from './check.ts';

/**
 * A reproducible stream of random numbers.
 *
 * A stream is a function of its seed and its path and of nothing else: `new RandomStream(7, 'masks', epoch, batch)` gives
 * the same numbers in a run that was killed and resumed as in one that was not, so no generator state has to be saved.
 */
export class RandomStream {
  /** The seed the stream was made from. */
  readonly seed: number;
  /** What the stream is for, e.g. `['masks', epoch, batch]`: streams of different paths are independent. */
  readonly path: readonly (string | number)[];
  readonly #generator: RandomGenerator;

  /**
   * @param seed an integer
   * @param path names and numbers for what the stream is used for
   * @throws {RangeError} when the seed is not a safe integer
   */
  constructor(seed: number, ...path: (string | number)[]) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`Cannot seed: seed must be an integer, got ${shown(seed)}`);
    this.seed = seed;
    this.path = path;
    this.#generator = xoroshiro128plus(hash(JSON.stringify([seed, ...path])));
  }

  /** A stream for a part of what this one is for; it does not depend on how far this one was read. */
  fork(...path: (string | number)[]): RandomStream {
    return new RandomStream(this.seed, ...this.path, ...path);
  }

  /** Uniform in [0, 1), with 32 random bits. */
  next(): number {
    return (this.#generator.next() >>> 0) / 2 ** 32;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number, uniform in [0, below). */
  integer(below: number): number {
    return uniformInt(this.#generator, 0, below - 1);
  }

  /** Standard normal, by the Box-Muller transform. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Beta(a, a) for 0 < a ≤ 1, as mixup draws it, by Jöhnk's rejection. */
  beta(a: number): number {
    for (;;) {
      const x = this.next() ** (1 / a);
      const y = this.next() ** (1 / a);
      if (x + y > 0 && x + y <= 1) return x / (x + y);
    }
  }

  /** Shuffles the array in place (Fisher-Yates) and returns it. */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [array[i], array[j]] = [array[j] as T, array[i] as T];
    }
    return array;
  }

  /** A positive 31-bit seed for an API that takes one number (tfjs counts seed 0 as unseeded). */
  integerSeed(): number {
    return 1 + this.integer(2 ** 31 - 2);
  }
}

/** 32 bits of a string: FNV-1a, then the finaliser of MurmurHash3 so that near strings give far seeds. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
