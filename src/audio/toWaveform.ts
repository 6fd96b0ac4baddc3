// encoded bytes, an AudioBuffer or raw samples → Waveform

import { abortable } from '../core/abortable.ts';
import { checkNothingElse, checkOptions, typeName } from '../core/check.ts';
import { AudioFormatError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { isArrayBuffer, isUint8Array } from '../core/realm.ts';
import { checkWaveform } from './checkWaveform.ts';
import { type DecodeOptions, decodeAudio } from './decode.ts';
import { fromAudioBuffer } from './platform.ts';
import { resample } from './resample.ts';
import { checkRate } from './resampleStream.ts';
import { isUnknownHere, unknownHere } from './unknownHere.ts';
import type { Waveform } from './waveform.ts';

/**
 * What can be classified: raw samples, decoded Web Audio, or the bytes of an encoded file (whose format is read from
 * its content, never from a name). A Node `Buffer` is a `Uint8Array`, a browser `File` is a `Blob`.
 */
export type AudioInput = Waveform | AudioBuffer | Blob | ArrayBuffer | Uint8Array;

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
 * Brings any audio input to mono samples, channels averaged. Timers and input have their turn meanwhile.
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
  if (sampleRate !== undefined) checkRate(ACTION, 'sampleRate', sampleRate);
  signal?.throwIfAborted();
  const waveform = await read(input, { maxSeconds, signal });
  return sampleRate === undefined ? waveform : resample(waveform, sampleRate, { signal });
}

const ACTION = 'read audio';

// Kinds are recognised by their shape: Node has no AudioBuffer to be an instance of, and objects may come from another realm.
async function read(input: AudioInput, options: DecodeOptions): Promise<Waveform> {
  if (isUint8Array(input)) return decodeAudio(input, options);
  if (isArrayBuffer(input)) return decodeAudio(new Uint8Array(input), options);
  if (typeof input === 'object' && input !== null && !ArrayBuffer.isView(input)) {
    if ('getChannelData' in input) return checked(fromAudioBuffer(input), options.signal);
    if ('arrayBuffer' in input) {
      const bytes = await bytesOf(input, options.signal);
      return decodeAudio(bytes, options).catch((error: unknown) => {
        throw ofFile(error, (input as File).name);
      });
    }
    if ('samples' in input) return checked(input, options.signal);
  }
  throw new TypeError(
    `Cannot ${ACTION}: input must be a Waveform { samples, sampleRate }, an AudioBuffer, or encoded bytes ` +
      `(Uint8Array, ArrayBuffer, Blob), got ${typeName(input)}`,
  );
}

/** The error, with the file's name where it is one of the format and the file has one. */
function ofFile(error: unknown, file: unknown): unknown {
  if (!(error instanceof AudioFormatError) || typeof file !== 'string' || file === '') return error;
  const named = new AudioFormatError(`${error.message} (in ${file})`, { cause: error.cause, file });
  return isUnknownHere(error) ? unknownHere(named) : named;
}

async function bytesOf(blob: Blob, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const buffer = await abortable(blob.arrayBuffer(), signal);
  if (!isArrayBuffer(buffer)) {
    throw new TypeError(`Cannot ${ACTION}: arrayBuffer() must give an ArrayBuffer, got ${typeName(buffer)}`);
  }
  return new Uint8Array(buffer);
}

/** Lets the host have a turn, as sound in memory takes none by itself and is often worked on in a loop. */
async function checked(waveform: Waveform, signal: AbortSignal | undefined): Promise<Waveform> {
  checkWaveform(ACTION, waveform);
  await nextTask();
  signal?.throwIfAborted();
  return waveform;
}
