// encoded bytes, an AudioBuffer or raw samples → Waveform

import { checkWaveform, describe } from './checkWaveform.ts';
import { decodeAudio } from './decode.ts';
import { fromAudioBuffer } from './platform.ts';
import { resample } from './resample.ts';
import type { Waveform } from './waveform.ts';

/**
 * What can be classified: raw samples, decoded Web Audio, or the bytes of an encoded file (whose format is read from
 * its content, never from a name). A Node `Buffer` is a `Uint8Array`, a browser `File` is a `Blob`.
 */
export type AudioInput = Waveform | AudioBuffer | Blob | ArrayBuffer | Uint8Array;

/** Options of {@link toWaveform}. */
export interface ToWaveformOptions {
  /**
   * Samples per second of the result, in Hz, a whole number.
   *
   * @default the input's own rate
   */
  readonly sampleRate?: number | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings any audio input to mono samples, channels averaged.
 *
 * @returns the waveform; the very object that was given where it is one already and its rate is right
 * @throws {TypeError} when the input is none of {@link AudioInput}
 * @throws {RangeError} when a raw waveform is empty or a rate is not positive
 * @throws {AudioFormatError} when the bytes cannot be decoded or samples are not finite
 *
 * @example
 * ```ts
 * const waveform = await toWaveform(await readFile('speech.mp3'), { sampleRate: 16_000 });
 * ```
 */
export async function toWaveform(input: AudioInput, options: ToWaveformOptions = {}): Promise<Waveform> {
  const { sampleRate, signal } = options;
  signal?.throwIfAborted();
  const waveform = await read(input, signal);
  return sampleRate === undefined ? waveform : resample(waveform, sampleRate, { signal });
}

// Kinds are told by their shape: Node has no AudioBuffer to be an instance of, and objects may come from another realm.
async function read(input: AudioInput, signal: AbortSignal | undefined): Promise<Waveform> {
  if (ArrayBuffer.isView(input)) {
    if (Object.prototype.toString.call(input) === '[object Uint8Array]') return decodeAudio(input, { signal });
  } else if (Object.prototype.toString.call(input) === '[object ArrayBuffer]') {
    return decodeAudio(new Uint8Array(input as ArrayBuffer), { signal });
  } else if (typeof input === 'object' && input !== null) {
    if ('getChannelData' in input) return checked(fromAudioBuffer(input));
    if ('arrayBuffer' in input) {
      const buffer = await input.arrayBuffer();
      return decodeAudio(new Uint8Array(buffer), { signal });
    }
    if ('samples' in input) return checked(input);
  }
  throw new TypeError(
    'Cannot read audio: input must be a Waveform { samples, sampleRate }, an AudioBuffer, or encoded bytes ' +
      `(Uint8Array, ArrayBuffer, Blob), got ${describe(input)}`,
  );
}

function checked(waveform: Waveform): Waveform {
  checkWaveform('read audio', waveform);
  return waveform;
}
