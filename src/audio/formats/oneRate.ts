// pieces of sound → the same, refused where their sampling rate changes

import { AudioFormatError } from '../../core/errors.ts';
import type { AudioPiece } from '../audioDecoder.ts';

/**
 * Pieces of streams that are joined.
 *
 * @param name of the format, for the message
 * @throws {AudioFormatError} when they are of several rates
 */
export async function* oneRate(name: string, pieces: AsyncIterable<AudioPiece>): AsyncGenerator<AudioPiece> {
  let rate = 0;
  for await (const piece of pieces) {
    if ((piece.channels[0]?.length ?? 0) > 0) {
      rate ||= piece.sampleRate;
      if (piece.sampleRate !== rate) {
        throw new AudioFormatError(
          `Cannot decode ${name}: found streams of ${rate} and ${piece.sampleRate} Hz joined; one sampling rate is supported`,
        );
      }
    }
    yield piece;
  }
}
