// whatever can be classified → Waveform

import { abortable } from '../core/abortable.ts';
import { checkNothingElse, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import { checkChannel } from './channels.ts';
import { checkWaveform } from './checkWaveform.ts';
import { checkMaxSeconds, type DecodeOptions } from './decode.ts';
import { holdWaveform } from './holdWaveform.ts';
import { monoPieces } from './monoPieces.ts';
import { resampleUnchecked } from './resample.ts';
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
 * @throws {RangeError} when a raw waveform is empty, a rate or another option is out of its range, or
 *   the sound has no such channel
 * @throws {AudioFormatError} when the bytes cannot be decoded or samples are not finite
 *
 * @example
 * ```ts
 * const waveform = await toWaveform(await readFile('speech.mp3'), { sampleRate: 16_000 });
 * ```
 */
export async function toWaveform(input: AudioInput, options: ToWaveformOptions = {}): Promise<Waveform> {
  const { sampleRate, maxSeconds, channel = 'mix', signal, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkMaxSeconds(ACTION, maxSeconds);
  checkChannel(ACTION, channel);
  if (sampleRate !== undefined) checkRate(ACTION, 'sampleRate', sampleRate);
  signal?.throwIfAborted();
  // A waveform is one channel as it is; of one with another number there is none, which is said in the one place.
  const isOne = isWaveform(input) && (channel === 'mix' || channel === 0);
  const waveform = isOne ? await checked(input, signal) : await held(input, { maxSeconds, channel, signal });
  return sampleRate === undefined ? waveform : resampleUnchecked(waveform, sampleRate, signal);
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

async function held(input: AudioInput, { channel, ...options }: DecodeOptions): Promise<Waveform> {
  const pieces = soundPieces(ACTION, input, { ...options, isHeld: true });
  return abortable(holdWaveform(monoPieces(ACTION, pieces, { channel })), options.signal);
}
