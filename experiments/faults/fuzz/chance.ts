// a stream of random numbers → choices

import type { RandomStream } from 'speech-emotion/layers';

/** One of a list, each as likely. */
export function pick<T>(random: RandomStream, list: readonly T[]): T {
  return list[random.integer(list.length)] as T;
}

/** Whether something of this probability happens. */
export function happens(random: RandomStream, probability: number): boolean {
  return random.next() < probability;
}

/** A whole number of [low, high]. */
export function between(random: RandomStream, low: number, high: number): number {
  return low + random.integer(high - low + 1);
}

/** So many bytes, each as likely. */
export function randomBytes(random: RandomStream, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(256));
}

/** Sizes, counts and numbers that programs trip over. */
export const ODD_NUMBERS = [
  ...[0, -0, 1, -1, 2, 3, 7, 8, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53],
  ...[0.5, -0.5, 1.5, 1e-50, 1e-8, 1e6, 1e9, 1e15, 1e38, 1e39, 1e308, -1e9, 5e-324],
] as const;
