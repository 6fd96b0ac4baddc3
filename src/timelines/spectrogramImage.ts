// a spectrogram as an image, as given → the same with all that it may leave out

import {
  checkArray,
  checkNothingElse,
  checkNumber,
  checkObject,
  checkOptions,
  checkString,
  type Resolved,
} from '../core/check.ts';

/** A spectrogram of the stretch that a picture shows, in {@link SPECTROGRAM_COLOURS}. */
export interface SpectrogramImage {
  /** Address of the image, such as `data:image/png;base64,…`. */
  readonly href: string;
  /** Its height in pixels. @default 240 */
  readonly height?: number | undefined;
  /** Frequencies beside it: where, from 0 at the bottom to 1 at the top, and what is written there. @default none */
  readonly ticks?:
    | readonly {
        /** Where it is, from 0 at the bottom to 1 at the top. */
        readonly at: number;
        /** What is written there. */
        readonly text: string;
      }[]
    | undefined;
}

/** @throws {TypeError | RangeError} when it is none, or something of it is out of its range or unknown */
export function checkImage(action: string, spectrogram: SpectrogramImage): Resolved<SpectrogramImage> {
  const { href, height = 240, ticks = [], ...rest } = checkOptions(action, spectrogram, 'spectrogram');
  checkNothingElse(action, rest, 'spectrogram');
  checkString(action, 'spectrogram.href', href);
  checkNumber(action, 'spectrogram.height', height, 1, 1e5);
  for (const [i, tick] of checkArray(action, 'spectrogram.ticks', ticks).entries()) {
    const { at, text, ...others } = checkObject(action, `spectrogram.ticks[${i}]`, tick);
    checkNothingElse(action, others, `spectrogram.ticks[${i}]`);
    checkNumber(action, `spectrogram.ticks[${i}].at`, at, 0, 1);
    checkString(action, `spectrogram.ticks[${i}].text`, text);
  }
  return { href, height, ticks };
}
