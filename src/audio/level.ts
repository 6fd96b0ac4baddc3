// Waveform → Waveform as loud as others

import type { Waveform } from './waveform.ts';

/** Blocks of 20 ms that are so many decibels below the loudest one, or less, count as speech. */
const RANGE_DB = 25;
const BLOCK_SECONDS = 0.02;

/**
 * The waveform with its speech at a level: whatever the microphone's gain was, the result is the same.
 *
 * @param level mean power of the loud parts, in decibels below that of a sine of amplitude 1
 * @returns the very waveform where it is digital silence
 */
export function toLevel({ samples, sampleRate }: Waveform, level: number): Waveform {
  const block = Math.max(1, Math.round(BLOCK_SECONDS * sampleRate));
  const powers: number[] = [];
  for (let start = 0; start < samples.length; start += block) {
    const part = samples.subarray(start, start + block);
    powers.push(part.reduce((sum, value) => sum + value * value, 0) / part.length);
  }
  const loudest = powers.reduce((a, b) => Math.max(a, b), 0);
  if (loudest === 0) return { samples, sampleRate };
  const loud = powers.filter((power) => power > loudest * 10 ** (-RANGE_DB / 10));
  const power = 2 * (loud.reduce((sum, value) => sum + value, 0) / loud.length);
  const gain = Math.sqrt(10 ** (level / 10) / power);
  return { samples: samples.map((value) => gain * value), sampleRate };
}
