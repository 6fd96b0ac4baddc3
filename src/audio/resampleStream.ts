// samples as they come → the same at another sampling rate
//
// Each output sample is a sum over the input around it and nothing else, so what is computed together changes nothing: piece by piece
// comes, bit for bit, what comes of the whole.

import { shown } from '../core/check.ts';
import { type SincFilter, sincFilter } from './sincFilter.ts';
import { sincSums } from './sincSums.ts';

/** The highest rate. */
const MAX_RATE = 384_000;
/** The most that one rate may be of another: what is over is no sound, and its filter would be longer than a clip. */
const MAX_RATIO = 256;
/** Filters that are kept: making that from 44.1 to 16 kHz takes as long as resampling a few seconds. */
const MOST_FILTERS = 16;

/**
 * Holds that samples can have a rate here.
 *
 * @throws {TypeError} when it is no number
 * @throws {RangeError} when it is not a whole number of Hz up to 384 000
 */
export function checkRate(action: string, name: string, rate: unknown): asserts rate is number {
  if (Number.isInteger(rate) && (rate as number) >= 1 && (rate as number) <= MAX_RATE) return;
  const message = `Cannot ${action}: ${name} must be a whole number of Hz from 1 to ${MAX_RATE}, got ${shown(rate)}`;
  throw typeof rate === 'number' ? new RangeError(message) : new TypeError(message);
}

/**
 * Holds that one rate can be brought to another.
 *
 * @throws {TypeError} when either is no number
 * @throws {RangeError} when either is not a whole number of Hz up to 384 000, or one is over 256 times the other
 */
export function checkRates(from: number, to: number): void {
  checkRate('resample', 'sampleRate', to);
  checkRate('resample', "the waveform's sampleRate", from);
  if (Math.max(to / from, from / to) > MAX_RATIO) {
    throw new RangeError(
      `Cannot resample: sampleRate must be within ${MAX_RATIO} times the waveform's ${from} Hz, got ${to}`,
    );
  }
}

/** Resamples a recording that goes on: what it gives, piece after piece, is what `resample` gives of the whole. */
export class ResampleStream {
  /** None where the rates are the same. */
  readonly #filter: SincFilter | undefined;
  readonly #from: number;
  readonly #to: number;
  /** The latest input, with room for more: all that output samples to come are made of, from sample `#start` to `#received`. */
  #input = new Float32Array(0);
  #start = 0;
  #received = 0;
  /** Output samples so far. */
  #made = 0;

  /**
   * @param from the rate of what will come, in Hz
   * @param to the rate to bring it to, in Hz
   * @throws {RangeError | TypeError} when one cannot be brought to the other
   */
  constructor(from: number, to: number) {
    checkRates(from, to);
    this.#from = from;
    this.#to = to;
    this.#filter = from === to ? undefined : filterBetween(from, to);
  }

  /** Input samples that some 5 ms go into. */
  get samplesATurn(): number {
    if (!this.#filter) return Number.MAX_SAFE_INTEGER;
    return Math.max(1, Math.floor((this.#outputsATurn * this.#from) / this.#to));
  }

  /** Takes the samples that follow, and gives those that they complete: none where they are few. */
  push(samples: Float32Array): Float32Array {
    if (!this.#filter) {
      this.#received += samples.length;
      return samples;
    }
    this.#hold(samples);
    const { inStep, outStep, taps, lead } = this.#filter;
    // Those whose last weight is for a sample that has come.
    const places = Math.max(0, this.#received + lead + 1 - taps);
    return this.#take(Math.ceil((places * outStep) / inStep));
  }

  /** The samples that are left when no more come: one at least in all, as after the last there is silence. */
  flush(): Float32Array {
    if (!this.#filter) return new Float32Array(0);
    return this.#take(Math.max(1, Math.round((this.#received * this.#to) / this.#from)));
  }

  #hold(samples: Float32Array): void {
    const held = this.#received - this.#start;
    if (held + samples.length > this.#input.length) {
      const larger = new Float32Array(Math.max(held + samples.length, 2 * this.#input.length));
      larger.set(this.#input.subarray(0, held));
      this.#input = larger;
    }
    this.#input.set(samples, held);
    this.#received += samples.length;
  }

  get #outputsATurn(): number {
    return Math.max(1, Math.floor(sincSums().productsATurn / this.#filter!.taps));
  }

  /** Output samples up to one; the input that none after them needs is let go. */
  #take(end: number): Float32Array {
    const { outStep, lead } = this.#filter!;
    const output = new Float32Array(Math.max(0, end - this.#made));
    for (let at = 0; at < output.length; at += this.#outputsATurn) {
      const block = output.subarray(at, at + this.#outputsATurn);
      sincSums().sum(this.#filter!, this.#around(block.length), this.#made % outStep, block);
      this.#made += block.length;
    }
    const needed = Math.max(this.#start, Math.min(this.#placeOf(this.#made) - lead, this.#received));
    this.#input.copyWithin(0, needed - this.#start, this.#received - this.#start);
    this.#start = needed;
    return output;
  }

  /** The input that so many output samples are made of, silence before and after it: to be read at once. */
  #around(count: number): Float32Array {
    const { taps, lead } = this.#filter!;
    const first = this.#placeOf(this.#made) - lead;
    const end = this.#placeOf(this.#made + count - 1) - lead + taps;
    const held = this.#input.subarray(Math.max(0, first - this.#start), Math.min(end, this.#received) - this.#start);
    if (held.length === end - first) return held;
    const around = new Float32Array(end - first);
    around.set(held, Math.max(0, this.#start - first));
    return around;
  }

  /** The input sample at, or last before, the time of an output sample. */
  #placeOf(n: number): number {
    return Math.floor((n * this.#filter!.inStep) / this.#filter!.outStep);
  }
}

/** The filters that were used last, by their rates, the latest at the end. */
const filters = new Map<string, SincFilter>();

function filterBetween(from: number, to: number): SincFilter {
  const key = `${from} ${to}`;
  const filter = filters.get(key) ?? sincFilter(from, to);
  filters.delete(key);
  filters.set(key, filter);
  if (filters.size > MOST_FILTERS) filters.delete(filters.keys().next().value!);
  return filter;
}
