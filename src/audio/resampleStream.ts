// samples as they come → the same at another sampling rate
//
// Block by block, by libsamplerate's best sinc filter. Each block carries the input that the filter reaches on either side and
// starts on a sample that both rates share, so the seams are exact and no block depends on state that another has left.

import { shown } from '../core/check.ts';
import { type Converter, loadConverter, reachOf } from './converter.ts';
import { PolyphaseFilter } from './polyphaseFilter.ts';

/** Products that one block takes at most, where rates have a common step: 10 to 20 ms of work. */
const MOST_PRODUCTS = 5e6;
/** Samples in or out that one block takes at most, which the converter's buffers hold. */
const LARGEST_BLOCK = 2 ** 18;
/** Input samples that one block has at least, but for the last: the filter's reach is computed again for each. */
const SMALLEST_BLOCK = 1024;
/**
 * How much work it may be to measure the filter between two rates once and keep it: some 20 ms for 48 to 16 kHz, or for a speed
 * of 0.94. From 44.1 to 16 kHz (1216) it would take longer than to resample a clip.
 */
const MOST_MEASURING = 256;
/** The highest rate for which two rates without a common divisor still fit the converter's buffers. */
const MAX_RATE = 384_000;
/** Libsamplerate's limit, either way. */
const MAX_RATIO = 256;

/**
 * Holds that samples can have a rate here.
 *
 * @throws {TypeError} when it is no number
 * @throws {RangeError} when it is not a whole number of Hz up to 384 000
 */
export function checkRate(action: string, name: string, rate: unknown): void {
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
  readonly #from: number;
  readonly #to: number;
  // Every `#inStep` input samples last exactly as long as every `#outStep` output samples.
  readonly #inStep: number;
  readonly #outStep: number;
  readonly #reach: number;
  readonly #leadSteps: number;
  readonly #mostSteps: number;
  readonly #leastSteps: number;
  /** None where the rates are the same. */
  readonly #convert: BlockConverter | undefined;
  /** Input that is still needed, from step `#first` on. */
  #input = new Float32Array(0);
  #first = 0;
  /** Steps that are done. */
  #done = 0;
  #received = 0;

  private constructor(converter: Converter | undefined, from: number, to: number) {
    const divisor = greatestCommonDivisor(from, to);
    this.#from = from;
    this.#to = to;
    this.#inStep = from / divisor;
    this.#outStep = to / divisor;
    this.#reach = reachOf(from, to);
    this.#leadSteps = Math.ceil(this.#reach / this.#inStep);
    const products = this.#outStep * (2 * this.#reach + 1); // a step
    this.#mostSteps = Math.max(
      1,
      Math.floor(Math.min(LARGEST_BLOCK / Math.max(this.#inStep, this.#outStep), MOST_PRODUCTS / products)),
    );
    this.#leastSteps = Math.min(this.#mostSteps, Math.ceil(SMALLEST_BLOCK / this.#inStep));
    this.#convert = converter && blockConverter(converter, from, to, this.#inStep, this.#outStep);
  }

  /**
   * @param from the rate of what will come, in Hz
   * @param to the rate to bring it to, in Hz
   * @throws {RangeError} when one cannot be brought to the other
   */
  static async open(from: number, to: number): Promise<ResampleStream> {
    checkRates(from, to);
    return new ResampleStream(from === to ? undefined : await loadConverter(), from, to);
  }

  /** Input samples that one block takes at most: where more are pushed at once, it takes that much longer. */
  get largestBlock(): number {
    return this.#mostSteps * this.#inStep;
  }

  /** Takes the samples that follow, and gives those that they complete: none where they are few. */
  push(samples: Float32Array): Float32Array {
    this.#received += samples.length;
    if (!this.#convert) return samples;
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    this.#input = input;
    const steps = Math.floor((this.#received - this.#reach) / this.#inStep) - this.#done;
    return steps < this.#leastSteps ? new Float32Array(0) : this.#take(steps * this.#outStep);
  }

  /** The samples that are left when no more come: one at least in all, as after the last there is silence. */
  flush(): Float32Array {
    if (!this.#convert) return new Float32Array(0);
    const total = Math.max(1, Math.round((this.#received * this.#to) / this.#from));
    return this.#take(Math.max(0, total - this.#done * this.#outStep));
  }

  /** The next output samples; the input that none after them needs is let go. */
  #take(count: number): Float32Array {
    const output = new Float32Array(count);
    for (let at = 0; at < count; at += this.#mostSteps * this.#outStep) {
      const block = output.subarray(at, at + this.#mostSteps * this.#outStep);
      const lead = Math.min(this.#done, this.#leadSteps);
      const start = (this.#done - lead - this.#first) * this.#inStep;
      const steps = Math.ceil(block.length / this.#outStep);
      const input = this.#input.subarray(start, start + (lead + steps) * this.#inStep + this.#reach);
      this.#convert!(input, lead * this.#outStep, block);
      this.#done += steps;
    }
    const needed = Math.max(0, this.#done - this.#leadSteps);
    this.#input = this.#input.slice((needed - this.#first) * this.#inStep);
    this.#first = needed;
    return output;
  }
}

/** Writes output samples, from `skipped` on, of an input before and after which there is silence. */
type BlockConverter = (input: Float32Array, skipped: number, target: Float32Array) => void;

/** Filters that were measured, by their steps. */
const filters = new Map<string, PolyphaseFilter>();

function blockConverter(
  converter: Converter,
  from: number,
  to: number,
  inStep: number,
  outStep: number,
): BlockConverter {
  if (inStep * Math.max(inStep / outStep, outStep / inStep) <= MOST_MEASURING) {
    const key = `${inStep} ${outStep}`;
    const filter = filters.get(key) ?? new PolyphaseFilter(converter, from, to, inStep, outStep);
    filters.set(key, filter);
    return (input, skipped, target) => filter.convert(input, skipped, target);
  }
  return (input, skipped, target) => {
    const made = converter.convert(input, from, to);
    if (made.length < skipped + target.length) {
      throw new Error(`Cannot resample: libsamplerate gave ${made.length} of ${skipped + target.length} samples`);
    }
    target.set(made.subarray(skipped, skipped + target.length));
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
