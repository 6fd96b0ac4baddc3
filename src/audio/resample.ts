// Waveform → Waveform at another sampling rate
//
// libsamplerate's best sinc converter, block by block. Each block carries the input that the filter reaches on either
// side and starts on a sample that both rates share, so the seams are exact and no block depends on state left by
// another: memory stays bounded, calls may interleave, and a long recording can be stopped.

import { checkWaveform } from './checkWaveform.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link resample}. */
export interface ResampleOptions {
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** `ConverterType.SRC_SINC_BEST_QUALITY`, written out as the package that names it is loaded late. */
const BEST_QUALITY = 0;
/** Samples in or out that one block aims at: 16 s at 16 kHz, some tenths of a second of work. */
const BLOCK = 2 ** 18;
/** Zero crossings of the sinc that the converter reaches to either side (340239 / 2381 = 143), rounded up. */
const REACH = 150;
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
  const converter = await loadConverter();

  // Every `inStep` input samples last exactly as long as every `outStep` output samples.
  const divisor = greatestCommonDivisor(from, sampleRate);
  const inStep = from / divisor;
  const outStep = sampleRate / divisor;
  const steps = Math.max(1, Math.floor(BLOCK / Math.max(inStep, outStep)));
  const reach = Math.ceil(REACH * Math.max(1, from / sampleRate));
  const leadSteps = Math.ceil(reach / inStep);

  const output = new Float32Array(Math.max(1, Math.round((samples.length * sampleRate) / from)));
  for (let step = 0; step * outStep < output.length; step += steps) {
    if (step > 0) await pause(signal);
    const lead = Math.min(step, leadSteps);
    const start = (step - lead) * inStep;
    const length = (lead + steps) * inStep + reach;
    const input = samples.subarray(start, start + length);
    // What follows the end is silence: without it the converter would stop short of the last output sample.
    const padded = Math.min(length, input.length + reach);
    converter.sourceArray.set(input);
    converter.sourceArray.fill(0, input.length, padded);
    const made = converter.module.simple(padded, 1, BEST_QUALITY, from, sampleRate);
    const skipped = lead * outStep;
    const wanted = Math.min(steps * outStep, output.length - step * outStep);
    if (made < skipped + wanted) throw new Error(`Cannot resample: libsamplerate gave ${made} of ${wanted} samples`);
    output.set(converter.targetArray.subarray(skipped, skipped + wanted), step * outStep);
  }
  return { samples: output, sampleRate };
}

function checkRate(name: string, rate: number): void {
  if (!(Number.isInteger(rate) && rate >= 1 && rate <= MAX_RATE)) {
    throw new RangeError(`Cannot resample: ${name} must be a whole number of Hz from 1 to ${MAX_RATE}, got ${rate}`);
  }
}

type Converter = Awaited<ReturnType<typeof import('@alexanderolsen/libsamplerate-js')['create']>>;

let converter: Promise<Converter> | undefined;

/** The one converter: `simple` takes both rates at each call and keeps nothing, so that all calls can share it. */
function loadConverter(): Promise<Converter> {
  converter ??= import('@alexanderolsen/libsamplerate-js').then((imported) => {
    // The package is a UMD bundle: Node and most bundlers give its exports as the default one.
    const { create } = imported.default ?? imported;
    return create(1, 48_000, 16_000, { converterType: BEST_QUALITY });
  });
  converter.catch(() => {
    converter = undefined; // a chunk that failed to load may load the next time
  });
  return converter;
}

/** Lets other work, and the signal, have their turn. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
