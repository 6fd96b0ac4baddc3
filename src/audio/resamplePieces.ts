// pieces of sound → the same at another sampling rate

import { ResampleStream } from './resampleStream.ts';
import type { Waveform } from './waveform.ts';

/**
 * Resamples sound that comes piece by piece: bit for bit what `resample` gives of the whole.
 *
 * @param sampleRate the rate to bring it to, in Hz
 * @throws {RangeError} when one rate cannot be brought to the other
 */
export async function* resamplePieces(
  pieces: AsyncIterable<Waveform>,
  sampleRate: number,
): AsyncGenerator<Float32Array, void, undefined> {
  let resampler: ResampleStream | undefined;
  for await (const piece of pieces) {
    resampler ??= new ResampleStream(piece.sampleRate, sampleRate);
    const samples = resampler.push(piece.samples);
    if (samples.length > 0) yield samples;
  }
  const last = resampler?.flush();
  if (last && last.length > 0) yield last;
}
