// what a decoder gave → what is wrong with it

import type { Waveform } from 'speech-emotion';

/** What the input is known to hold. */
export interface Expected {
  readonly sampleRate?: number;
  readonly samples?: ArrayLike<number>;
  /** Samples at most: each takes bits in the file, or a bound of the library's holds. */
  readonly atMost: number;
}

/** Whether samples are there, finite, at a rate that recordings have, and those that were written where that is known. */
export function faultOfSound(
  answer: unknown,
  { sampleRate: rate, samples: wanted, atMost }: Expected,
): string | undefined {
  const { samples, sampleRate } = answer as Partial<Waveform>;
  if (!(samples instanceof Float32Array) || samples.length === 0) return 'no samples';
  if (!(typeof sampleRate === 'number' && sampleRate >= 1000 && sampleRate <= 768_000)) return `${sampleRate} Hz`;
  if (samples.length > atMost) return `${samples.length} samples from a file that holds ${atMost} at most`;
  if (!samples.every(Number.isFinite)) return 'samples that are not finite';
  if (rate !== undefined && rate !== sampleRate) return `${sampleRate} Hz where ${rate} were written`;
  if (wanted) {
    if (wanted.length !== samples.length) return `${samples.length} samples where ${wanted.length} were written`;
    const wrong = samples.findIndex((sample, i) => Math.abs(sample - wanted[i]!) > 1e-6);
    if (wrong >= 0) return `sample ${wrong} is ${samples[wrong]}, written was ${wanted[wrong]}`;
  }
  return undefined;
}
