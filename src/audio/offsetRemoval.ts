// samples as they come → the same without their constant offset (DC)
//
// Some sound cards add a constant to all they record. Within a frame it stays in the bins at 0 Hz, but where sound begins and ends,
// and where it is mirrored or resampled, it is a step, which is loud in every band. A high-pass filter would change all recordings;
// what is subtracted here is one number, and nothing where there is no offset.

import { joinArrays } from '../core/joinArrays.ts';
import type { Waveform } from './waveform.ts';

/** How much of the sound tells the offset, in seconds. */
const SECONDS = 0.1;
/** Of less than this it cannot be told: it may be less than a period of a voice. In seconds. */
const LEAST_SECONDS = 0.02;
/** A smaller offset is left: it moves scores by 0.0005 at most, and rumble at the beginning can look like 1/230 of full scale. */
const LEAST = 1 / 128;
/** So many standard errors it has to be: the mean of loud noise is not 0 either. */
const LEAST_ERRORS = 4;

/**
 * Removes the offset of sound that goes on: what it gives, piece after piece, is what {@link withoutOffset} gives of the whole.
 *
 * The offset is the mean of the first 100 ms behind digital silence, weighted by a Hann window: it rejects what vibrates at 20 Hz and
 * more, so that sound that begins within a loud vowel has none.
 */
export class OffsetRemoval {
  readonly #sampleRate: number;
  readonly #least: number;
  /** What has come of the first 100 ms; their offset is not known until all of them are there. */
  #beginning: Float32Array = new Float32Array(0);
  #offset: number | undefined;

  /** @param sampleRate of the samples, in Hz */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#least = samplesNeeded(sampleRate);
  }

  /** Takes the samples that follow, and gives those whose offset is known: none while they are few. */
  push(samples: Float32Array): Float32Array {
    if (this.#offset !== undefined) return shifted(samples, this.#offset);
    if (this.#beginning.length === 0) {
      const zeros = leadingZeros(samples);
      if (zeros === samples.length) return samples;
      if (zeros > 0)
        return joinArrays(Float32Array, [samples.subarray(0, zeros), this.#begin(samples.subarray(zeros))]);
    }
    return this.#begin(samples);
  }

  /** The samples that are left when no more come. */
  flush(): Float32Array {
    return this.#offset === undefined ? this.#release(this.#beginning) : new Float32Array(0);
  }

  #begin(samples: Float32Array): Float32Array {
    if (this.#beginning.length === 0 && samples.length >= this.#least) return this.#release(samples);
    const beginning = joinArrays(Float32Array, [this.#beginning, samples]); // a copy, as callers may use their arrays again
    if (beginning.length >= this.#least) return this.#release(beginning);
    this.#beginning = beginning;
    return new Float32Array(0);
  }

  #release(samples: Float32Array): Float32Array {
    this.#beginning = new Float32Array(0);
    this.#offset = offsetOf(samples.subarray(0, this.#least), this.#sampleRate);
    return shifted(samples, this.#offset);
  }
}

/**
 * A recording without its offset, as {@link OffsetRemoval} has it.
 *
 * @returns the very waveform that was given where it has none
 */
export function withoutOffset(waveform: Waveform): Waveform {
  const { samples, sampleRate } = waveform;
  const from = leadingZeros(samples);
  const offset = offsetOf(samples.subarray(from, from + samplesNeeded(sampleRate)), sampleRate);
  if (offset === 0) return waveform;
  const removed = new Float32Array(samples.length);
  removed.set(shifted(samples.subarray(from), offset), from);
  return { samples: removed, sampleRate };
}

function samplesNeeded(sampleRate: number): number {
  return Math.max(1, Math.round(SECONDS * sampleRate));
}

function leadingZeros(samples: Float32Array): number {
  let zeros = 0;
  while (zeros < samples.length && samples[zeros] === 0) zeros++;
  return zeros;
}

/** The offset to remove, told from the beginning of the sound: 0 where it is hardly one, or may be chance. */
function offsetOf(beginning: Float32Array, sampleRate: number): number {
  if (beginning.length < LEAST_SECONDS * sampleRate) return 0;
  let sum = 0;
  let squares = 0;
  let weights = 0;
  let squaredWeights = 0;
  for (let i = 0; i < beginning.length; i++) {
    const weight = Math.sin((Math.PI * (i + 0.5)) / beginning.length) ** 2;
    sum += weight * beginning[i]!;
    squares += weight * beginning[i]! ** 2;
    weights += weight;
    squaredWeights += weight * weight;
  }
  const mean = sum / weights;
  const error = Math.sqrt(Math.max(0, squares / weights - mean ** 2) * squaredWeights) / weights; // of the mean, if this were noise
  return Math.abs(mean) >= Math.max(LEAST, LEAST_ERRORS * error) ? Math.fround(mean) : 0; // of a constant, nothing is left
}

function shifted(samples: Float32Array, offset: number): Float32Array {
  if (offset === 0) return samples;
  const moved = new Float32Array(samples.length);
  for (let i = 0; i < moved.length; i++) moved[i] = samples[i]! - offset;
  return moved;
}
