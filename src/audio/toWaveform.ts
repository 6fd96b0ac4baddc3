// whatever can be classified → Waveform

import { abortable } from '../core/abortable.ts';
import { checkNothingElse, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import { checkWaveform } from './checkWaveform.ts';
import { checkMaxSeconds, type DecodeOptions } from './decode.ts';
import { holdWaveform } from './holdWaveform.ts';
import { monoPieces } from './monoPieces.ts';
import { resample } from './resample.ts';
import { checkRate } from './resampleStream.ts';
import { type AudioInput, soundPieces } from './soundPieces.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link toWaveform}. */
export interface ToWaveformOptions extends DecodeOptions {
  /**
   * Samples per second of the result, in Hz, a whole number.
   *
   * @default the input's own rate
   */
  readonly sampleRate?: number | undefined;
}

/**
 * Brings any audio input to mono samples in memory. Timers and input have their turn meanwhile.
 *
 * @returns the waveform; the very object that was given where it is one already and its rate is right
 * @throws {TypeError} when the input is none of {@link AudioInput}, an option of the wrong type or of another name
 * @throws {RangeError} when a raw waveform is empty, or a rate or another option is out of its range
 * @throws {AudioFormatError} when the bytes cannot be decoded or samples are not finite
 *
 * @example
 * ```ts
 * const waveform = await toWaveform(await readFile('speech.mp3'), { sampleRate: 16_000 });
 * ```
 */
export async function toWaveform(input: AudioInput, options: ToWaveformOptions = {}): Promise<Waveform> {
  const { sampleRate, maxSeconds, signal, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkMaxSeconds(ACTION, maxSeconds);
  if (sampleRate !== undefined) checkRate(ACTION, 'sampleRate', sampleRate);
  signal?.throwIfAborted();
  const waveform = isWaveform(input) ? await checked(input, signal) : await held(input, { maxSeconds, signal });
  return sampleRate === undefined ? waveform : resample(waveform, sampleRate, { signal });
}

const ACTION = 'read audio';

function isWaveform(input: AudioInput): input is Waveform {
  return typeof input === 'object' && input !== null && 'samples' in input;
}

/** Lets the host have a turn, as sound in memory takes none by itself and is often worked on in a loop. */
async function checked(waveform: Waveform, signal: AbortSignal | undefined): Promise<Waveform> {
  checkWaveform(ACTION, waveform);
  await nextTask();
  signal?.throwIfAborted();
  return waveform;
}

async function held(input: AudioInput, options: DecodeOptions): Promise<Waveform> {
  const pieces = soundPieces(ACTION, input, { ...options, isHeld: true });
  return abortable(holdWaveform(monoPieces(ACTION, pieces)), options.signal);
}
