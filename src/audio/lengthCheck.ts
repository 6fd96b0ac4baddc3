// a file, how long it may be → a check of how long it is, while it is decoded

import { AudioFormatError } from '../core/errors.ts';

/** Rates that a recording can have; outside of them the header is damaged. */
export const MIN_RATE = 1_000;
/** The highest of them. */
export const MAX_RATE = 768_000;

/** Holds that so many samples, of one channel, are not too many. */
export type LengthCheck = (samples: number, sampleRate: number) => void;

/**
 * A check for one file. Unless the caller sets a bound, the bounds are such that only a file made to exhaust memory
 * meets them: 12 hours; 2³⁰ samples, which take 4 GiB; and 1000 samples a byte, three times what encoders make of digital
 * silence, beyond the first minute.
 *
 * @param maxSeconds how long the sound may be, where the caller sets it
 * @param bytes how many the file has
 * @param found what it is, for the message
 * @returns throws an {@link AudioFormatError} where there is more
 */
export function lengthCheck(maxSeconds: number | undefined, bytes: number, found: string): LengthCheck {
  return (samples, sampleRate) => {
    const rate = Math.min(MAX_RATE, Math.max(MIN_RATE, sampleRate)); // a damaged one is reported when all is decoded
    const most =
      maxSeconds === undefined ? Math.min(12 * 3600 * rate, 2 ** 30, 2 ** 22 + 1000 * bytes) : maxSeconds * rate;
    if (samples > most) {
      throw new AudioFormatError(
        `Cannot decode audio: found over ${+(most / rate).toFixed(3)} seconds of sound in ${found} of ${bytes} bytes; ` +
          'the option maxSeconds says how many may be',
      );
    }
  };
}
