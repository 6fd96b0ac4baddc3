// Waveform from a caller → the same Waveform, or an error that says what is wrong with it

import { areFinite } from '../core/areFinite.ts';
import { typeName } from '../core/check.ts';
import { AudioFormatError } from '../core/errors.ts';
import { isFloat32Array } from '../core/realm.ts';
import type { Waveform } from './waveform.ts';

/**
 * Throws unless the argument is a waveform that can be worked on; costs one pass over the samples.
 *
 * @param action what the caller is about to do, for the message: `Cannot <action>: …`
 * @throws {TypeError} when `samples` is not a Float32Array or `sampleRate` not a number
 * @throws {RangeError} when there are no samples or the rate is not positive and finite
 * @throws {AudioFormatError} when a sample is not finite
 */
export function checkWaveform(action: string, waveform: Waveform): void {
  checkShape(action, waveform);
  checkFinite(action, waveform.samples);
}

/** {@link checkWaveform} without a look at the samples. */
export function checkShape(action: string, waveform: Waveform): void {
  const { samples, sampleRate } = (waveform ?? {}) as Waveform;
  if (!isFloat32Array(samples)) {
    throw new TypeError(`Cannot ${action}: samples must be a Float32Array, got ${typeName(samples)}`);
  }
  if (typeof sampleRate !== 'number') {
    throw new TypeError(`Cannot ${action}: sampleRate must be a number of Hz, got ${typeName(sampleRate)}`);
  }
  if (!(sampleRate > 0 && sampleRate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`Cannot ${action}: sampleRate must be positive and finite, got ${sampleRate}`);
  }
  if (samples.length === 0) throw new RangeError(`Cannot ${action}: samples must not be empty, got 0 samples`);
}

/**
 * @param place of the first sample in the sound, for the message
 * @throws {AudioFormatError} naming the first sample that is NaN or infinite
 */
export function checkFinite(action: string, samples: Float32Array, place = 0): void {
  if (areFinite(samples)) return;
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) {
      throw new AudioFormatError(`Cannot ${action}: samples must be finite, got ${samples[i]} at sample ${place + i}`);
    }
  }
}
