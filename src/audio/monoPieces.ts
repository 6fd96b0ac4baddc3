// pieces of all channels → pieces of one, checked
//
// Every sample passes here, once: what lies behind trusts that it is finite.

import type { AudioPiece } from './audioDecoder.ts';
import { checkFinite } from './checkWaveform.ts';
import { mixDown } from './mixDown.ts';
import type { Waveform } from './waveform.ts';

/** Mono sound that follows that of the piece before. */
export interface MonoPiece extends Waveform {
  /** Samples in all, where that is known beforehand. */
  readonly totalSamples: number | undefined;
}

/**
 * Mixes the channels.
 *
 * @throws {AudioFormatError} when a sample is not finite
 */
export async function* monoPieces(
  action: string,
  pieces: AsyncIterable<AudioPiece>,
): AsyncGenerator<MonoPiece, void, undefined> {
  let place = 0;
  for await (const { channels, sampleRate, totalSamples } of pieces) {
    const samples = mixDown(channels);
    checkFinite(action, samples, place);
    place += samples.length;
    yield { samples, sampleRate, totalSamples };
  }
}
