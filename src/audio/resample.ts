// Waveform → Waveform at another sampling rate

import { checkNothingElse, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import { checkWaveform } from './checkWaveform.ts';
import { checkRates, ResampleStream } from './resampleStream.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link resample}. */
export interface ResampleOptions {
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings a waveform to another sampling rate, without delay: sample `i` of the result is at `i / sampleRate` seconds.
 *
 * By a windowed sinc: flat within 0.001 dB to 15/16 of the lower rate's Nyquist frequency (7.5 kHz for 48 to 16 kHz), from which on
 * the response falls; images and aliases are more than 110 dB down. It takes about a thousandth of the sound's time. Timers and input
 * have their turn meanwhile.
 *
 * @param sampleRate the rate to bring it to, in Hz, a whole number from 1 to 384 000
 * @returns round(samples × ratio) samples, one at least; the very waveform that was given where the rate is right
 * @throws {TypeError} when the waveform is not one, an option of the wrong type or of another name
 * @throws {RangeError} when the waveform is empty, either rate is not a whole number of Hz up to 384 000, or one is over
 *   256 times the other
 * @throws {AudioFormatError} when a sample is not finite
 * @see Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/
 *
 * @example
 * ```ts
 * const { samples } = await resample({ samples: recorded, sampleRate: 48_000 }, 16_000);
 * ```
 */
export async function resample(
  waveform: Waveform,
  sampleRate: number,
  options: ResampleOptions = {},
): Promise<Waveform> {
  const { signal, ...rest } = checkOptions('resample', options);
  checkNothingElse('resample', rest);
  checkWaveform('resample', waveform);
  return resampleUnchecked(waveform, sampleRate, signal);
}

/** {@link resample} of a waveform that was checked where it came in. */
export async function resampleUnchecked(
  waveform: Waveform,
  sampleRate: number,
  signal?: AbortSignal | undefined,
): Promise<Waveform> {
  const { samples, sampleRate: from } = waveform;
  checkRates(from, sampleRate);
  signal?.throwIfAborted();
  if (sampleRate === from) return waveform;

  const stream = new ResampleStream(from, sampleRate);
  const output = new Float32Array(Math.max(1, Math.round((samples.length * sampleRate) / from)));
  let made = 0;
  const add = (more: Float32Array) => {
    output.set(more, made);
    made += more.length;
  };
  for (let at = 0; at < samples.length; at += stream.samplesATurn) {
    await nextTask();
    signal?.throwIfAborted();
    add(stream.push(samples.subarray(at, at + stream.samplesATurn)));
  }
  add(stream.flush());
  return { samples: output, sampleRate };
}
