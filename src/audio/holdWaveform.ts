// pieces of mono sound → one Waveform in memory

import { joinArrays } from '../core/joinArrays.ts';
import type { MonoPiece } from './monoPieces.ts';
import type { Waveform } from './waveform.ts';

/** Puts pieces together; where their number is known, memory is taken once. */
export async function holdWaveform(pieces: AsyncIterable<MonoPiece>): Promise<Waveform> {
  const parts: Float32Array[] = [];
  let whole: Float32Array | undefined;
  let placed = 0; // in `whole`
  let rate = 0;
  for await (const { samples, sampleRate, totalSamples } of pieces) {
    if (rate === 0 && totalSamples !== undefined) whole = new Float32Array(totalSamples);
    rate = sampleRate;
    if (whole && parts.length === 0 && placed + samples.length <= whole.length) {
      whole.set(samples, placed);
      placed += samples.length;
    } else parts.push(samples);
  }
  const first = whole?.subarray(0, placed);
  if (first && parts.length === 0) return { samples: first, sampleRate: rate };
  return { samples: joinArrays(Float32Array, first ? [first, ...parts] : parts), sampleRate: rate };
}
