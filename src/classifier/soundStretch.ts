// mono sound of any length → the samples of a stretch of it

import type { MonoPiece } from '../audio/monoPieces.ts';
import { preprocessPieces } from '../audio/preprocessStream.ts';
import type { Waveform } from '../audio/waveform.ts';
import { joinInTurns } from '../core/joinArrays.ts';

/** A stretch, in seconds of the sound. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Seconds of the longest stretch that is held. */
export const LONGEST_STRETCH = 600;

/**
 * Reads a sound up to the end of a stretch.
 *
 * @param sampleRate that of the result
 * @throws {RangeError} when the sound ends before the stretch begins, or the stretch is longer than {@link LONGEST_STRETCH}
 */
export async function soundStretch(
  action: string,
  pieces: AsyncIterable<MonoPiece>,
  sampleRate: number,
  { start, end }: Stretch,
): Promise<Waveform> {
  const [from, to] = [Math.round(start * sampleRate), Math.round(end * sampleRate)];
  const parts: Float32Array[] = [];
  let at = 0;
  for await (const piece of preprocessPieces(pieces, sampleRate)) {
    const part = piece.subarray(Math.max(0, from - at), Math.max(0, to - at));
    if (part.length > 0) parts.push(part);
    at += piece.length;
    if (at >= to) break;
    if (at - from > LONGEST_STRETCH * sampleRate) {
      throw new RangeError(
        `Cannot ${action}: the recording must have at most ${LONGEST_STRETCH} seconds, or start and end be given, which say what part of it`,
      );
    }
  }
  if (parts.length > 0) return { samples: await joinInTurns(parts), sampleRate };
  throw new RangeError(
    `Cannot ${action}: start must be before the recording's end at ${+(at / sampleRate).toFixed(3)} seconds, got ${start}`,
  );
}
