// Waveform → Waveform at another sampling rate
//
// libsamplerate's best sinc filter, block by block. Each block carries the input that the filter reaches on either
// side and starts on a sample that both rates share, so the seams are exact and no block depends on state left by
// another: memory stays bounded, calls may interleave, and a long recording can be stopped.

import { checkWaveform } from './checkWaveform.ts';
import { loadConverter, reachOf } from './converter.ts';
import { PolyphaseFilter } from './polyphaseFilter.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link resample}. */
export interface ResampleOptions {
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Samples in or out that one block aims at: 16 s at 16 kHz, some tenths of a second of work. */
const BLOCK = 2 ** 18;
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
 * Brings a waveform to another sampling rate, without delay: sample `i` of the result is at `i / sampleRate` seconds.
 *
 * The filter is libsamplerate's best: from 48 to 16 kHz it is flat to 7.5 kHz and takes what would
 * alias down by more than 120 dB. It is loaded when first needed and kept (26 MB).
 *
 * @param sampleRate the rate to bring it to, in Hz, a whole number from 1 to 384 000
 * @returns round(samples × ratio) samples, one at least; the very waveform that was given where the rate is right
 * @throws {TypeError} when the waveform is not one
 * @throws {RangeError} when the waveform is empty, either rate is not a whole number of Hz up to 384 000, or one is over
 *   256 times the other
 * @throws {AudioFormatError} when a sample is not finite
 * @see https://libsndfile.github.io/libsamplerate/
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
  const { signal } = options;
  checkWaveform('resample', waveform);
  const { samples, sampleRate: from } = waveform;
  checkRate('sampleRate', sampleRate);
  signal?.throwIfAborted();
  if (sampleRate === from) return waveform;
  checkRate("the waveform's sampleRate", from);
  if (Math.max(sampleRate / from, from / sampleRate) > MAX_RATIO) {
    throw new RangeError(
      `Cannot resample: sampleRate must be within ${MAX_RATIO} times the waveform's ${from} Hz, got ${sampleRate}`,
    );
  }
  // Every `inStep` input samples last exactly as long as every `outStep` output samples.
  const divisor = greatestCommonDivisor(from, sampleRate);
  const inStep = from / divisor;
  const outStep = sampleRate / divisor;
  const steps = Math.max(1, Math.floor(BLOCK / Math.max(inStep, outStep)));
  const reach = reachOf(from, sampleRate);
  const leadSteps = Math.ceil(reach / inStep);
  const convert = await blockConverter(from, sampleRate, inStep, outStep);

  const output = new Float32Array(Math.max(1, Math.round((samples.length * sampleRate) / from)));
  for (let step = 0; step * outStep < output.length; step += steps) {
    if (step > 0) await pause(signal);
    const lead = Math.min(step, leadSteps);
    const start = (step - lead) * inStep;
    const input = samples.subarray(start, start + (lead + steps) * inStep + reach);
    convert(input, lead * outStep, output.subarray(step * outStep, (step + steps) * outStep));
  }
  return { samples: output, sampleRate };
}

/** Writes output samples, from `skipped` on, of an input before and after which there is silence. */
type BlockConverter = (input: Float32Array, skipped: number, target: Float32Array) => void;

/** Filters that were measured, by their steps. */
const filters = new Map<string, PolyphaseFilter>();

async function blockConverter(from: number, to: number, inStep: number, outStep: number): Promise<BlockConverter> {
  const converter = await loadConverter();
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

function checkRate(name: string, rate: number): void {
  if (!(Number.isInteger(rate) && rate >= 1 && rate <= MAX_RATE)) {
    throw new RangeError(`Cannot resample: ${name} must be a whole number of Hz from 1 to ${MAX_RATE}, got ${rate}`);
  }
}

/** Lets other work, and the signal, have their turn. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
