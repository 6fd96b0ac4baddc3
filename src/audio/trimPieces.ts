// pieces of a long sound → the same without the silence at both ends

import { joinInTurns } from '../core/joinArrays.ts';
import { type ResolvedTrimOptions, speechRange } from './trim.ts';

/** Seconds at either end that silence is looked for in, and that are held. */
export const HELD_SECONDS = 600;

/**
 * Trims sound of more than {@link HELD_SECONDS}, of which less is held than of a shorter one: the beginning is silent in comparison to
 * the loudest frame of the first ten minutes, the end to that of the last.
 *
 * @param held the first {@link HELD_SECONDS} at least
 * @param pieces what follows
 * @param onStart is told which sample is the first that is kept
 */
export async function* trimPieces(
  held: Float32Array,
  pieces: AsyncIterable<Float32Array>,
  sampleRate: number,
  options: ResolvedTrimOptions,
  onStart?: (start: number) => void,
): AsyncGenerator<Float32Array, void, undefined> {
  const [start] = await speechRange({ samples: held, sampleRate }, options);
  onStart?.(start);
  const queue = [held.subarray(start)];
  let length = held.length - start;
  for await (const piece of pieces) {
    queue.push(piece);
    length += piece.length;
    // What is not among the last minutes: in small parts, as the first one is long.
    while (length > HELD_SECONDS * sampleRate) {
      const first = queue[0]!;
      const part = first.subarray(0, Math.min(sampleRate, length - HELD_SECONDS * sampleRate));
      if (part.length === first.length) queue.shift();
      else queue[0] = first.subarray(part.length);
      length -= part.length;
      yield part;
    }
  }
  const last = await joinInTurns(queue);
  if (last.length === 0) return;
  const [, end] = await speechRange({ samples: last, sampleRate }, options);
  yield last.subarray(0, end);
}
