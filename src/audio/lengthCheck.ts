// a file, how long it may be → a check of how long it is, while it is decoded

import type { ByteReader } from '../core/byteReader.ts';
import { AudioFormatError } from '../core/errors.ts';

/** Rates that a recording can have; outside of them the header is damaged. */
export const MIN_RATE = 1_000;
/** The highest of them. */
export const MAX_RATE = 768_000;

/** How much sound there may be. */
export interface LengthBounds {
  /** In seconds; undefined for the default. */
  readonly maxSeconds?: number | undefined;
  /** Whether all of it is held in memory, which has bounds of its own. */
  readonly isHeld?: boolean | undefined;
}

/** Holds that so many samples, of one channel, are not too many. */
export type LengthCheck = (samples: number, sampleRate: number) => void;

/** Seconds of sound that is not held: a week. */
const LONGEST = 7 * 86_400;
/** Seconds of sound that is held, and samples: 12 hours, 4 GiB. */
const LONGEST_HELD = 12 * 3600;
const MOST_HELD = 2 ** 30;

/**
 * A check for one file. Unless the caller sets a bound, the bounds are such that only a file made to exhaust memory or time meets
 * them: a week, or where the sound is held in memory 12 hours and 2³⁰ samples, which take 4 GiB; and 1000 samples a byte, three times
 * what encoders make of digital silence, beyond the first minute.
 *
 * @param reader of the file
 * @param found what it is, for the message
 * @returns throws an {@link AudioFormatError} where there is more
 */
export function lengthCheck(
  { maxSeconds, isHeld }: LengthBounds,
  reader: Pick<ByteReader, 'size' | 'position'>,
  found: string,
): LengthCheck {
  return (samples, sampleRate) => {
    const rate = Math.min(MAX_RATE, Math.max(MIN_RATE, sampleRate)); // a damaged one is reported by itself
    const bytes = reader.size ?? reader.position;
    const held = isHeld ? Math.min(LONGEST_HELD * rate, MOST_HELD) : LONGEST * rate;
    const most = maxSeconds === undefined ? Math.min(held, 2 ** 22 + 1000 * bytes) : maxSeconds * rate;
    if (samples > most) {
      throw new AudioFormatError(
        `Cannot decode audio: found over ${+(most / rate).toFixed(3)} seconds of sound in ${found} of ${bytes} bytes; ` +
          'the option maxSeconds says how many may be',
      );
    }
  };
}
