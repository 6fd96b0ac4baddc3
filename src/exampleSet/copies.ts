// options of copies of a clip, made of its waveform → checked, with the defaults filled in
//
// Plain data, so that they travel to worker threads and with stored examples. What they do is in `copyWaveform`, loaded when needed.

import {
  checkArray,
  checkInteger,
  checkNothingElse,
  checkNumber,
  checkOneOf,
  checkOptions,
  type Resolved,
} from '../core/check.ts';

/** A copy of a clip, as something else would have recorded or passed it on. */
export type WaveformCopy = TelephoneCopy | ClippedCopy | LowRateCopy;

/** A clip over a telephone: 8 kHz, 300 to 3400 Hz, and a codec there and back, with the peak at half of full scale. */
export interface TelephoneCopy {
  /** Which copy. */
  readonly type: 'telephone';
  /**
   * G.711 as in America and Japan (`'muLaw'`) or elsewhere (`'aLaw'`), or that of the first mobile phones (`'gsm'`, GSM 06.10 full rate).
   * @default 'muLaw'
   */
  readonly codec?: 'muLaw' | 'aLaw' | 'gsm' | undefined;
}

/** A clip that was recorded too loud: its peaks are cut off. Its level stays what it was but for that. */
export interface ClippedCopy {
  /** Which copy. */
  readonly type: 'clipped';
  /** How far the highest peak was above full scale, in decibels. @default 12 */
  readonly excessDb?: number | undefined;
}

/** A clip that was stored at a low sampling rate: nothing is left above half of it. */
export interface LowRateCopy {
  /** Which copy. */
  readonly type: 'lowRate';
  /** The rate, in hertz. @default 8000 */
  readonly sampleRate?: number | undefined;
}

/** {@link WaveformCopy} with every default filled in: plain JSON. */
export type ResolvedCopy = Resolved<TelephoneCopy> | Resolved<ClippedCopy> | Resolved<LowRateCopy>;

type Rules<Type extends WaveformCopy['type']> = (
  action: string,
  copy: Omit<Extract<WaveformCopy, { type: Type }>, 'type'>,
  name: string,
) => Extract<ResolvedCopy, { type: Type }>;

/** Every kind of copy: how its options are checked. */
const KINDS: { readonly [Type in WaveformCopy['type']]: Rules<Type> } = {
  telephone: (action, { codec = 'muLaw', ...rest }, name) => {
    checkNothingElse(action, rest, name);
    return { type: 'telephone', codec: checkOneOf(action, `${name}.codec`, codec, ['muLaw', 'aLaw', 'gsm']) };
  },
  clipped: (action, { excessDb = 12, ...rest }, name) => {
    checkNothingElse(action, rest, name);
    return { type: 'clipped', excessDb: checkNumber(action, `${name}.excessDb`, excessDb, 0, 100) };
  },
  lowRate: (action, { sampleRate = 8000, ...rest }, name) => {
    checkNothingElse(action, rest, name);
    return { type: 'lowRate', sampleRate: checkInteger(action, `${name}.sampleRate`, sampleRate, 1000, 384_000) };
  },
};

/**
 * Fills in the defaults.
 *
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
 */
export function resolveCopies(action: string, name: string, copies: readonly WaveformCopy[]): readonly ResolvedCopy[] {
  return checkArray(action, name, copies).map((copy, i) => {
    const { type, ...options } = checkOptions(action, copy, `${name}[${i}]`);
    const kind = checkOneOf(action, `${name}[${i}].type`, type, Object.keys(KINDS) as WaveformCopy['type'][]);
    return KINDS[kind](action, options as never, `${name}[${i}]`);
  });
}
