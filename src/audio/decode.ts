// encoded bytes → Waveform, or its sound piece by piece

import { abortable } from '../core/abortable.ts';
import { ByteReader } from '../core/byteReader.ts';
import { checkNothingElse, checkNumber, checkOptions, typeName } from '../core/check.ts';
import { AudioFormatError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { isUint8Array } from '../core/realm.ts';
import type { AudioPiece } from './audioDecoder.ts';
import { type Channel, checkChannel } from './channels.ts';
import { decodePieces } from './decodePieces.ts';
import { findFormat, formatElsewhere } from './decoders.ts';
import { ownView } from './encodedSound.ts';
import { holdWaveform } from './holdWaveform.ts';
import { type LengthBounds, lengthCheck } from './lengthCheck.ts';
import { monoPieces } from './monoPieces.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link decodeAudio}. */
export interface DecodeOptions {
  /**
   * How long the sound of a file may be, in seconds, from 0 to Infinity; set it when files come from strangers. A second at 48 kHz
   * takes 0.2 MB where it is held in memory.
   * @default 604800 (a week), or where the sound is held in memory 43200 (12 hours) and no more than 2³⁰ samples (4 GiB); but beyond
   *   2²² samples no more than 1000 a byte, which is three times what encoders make of digital silence
   */
  readonly maxSeconds?: number | undefined;
  /**
   * Of sound with several channels, the number of the one to take, from 0 on; or `'mix'`, the mean of those that carry the sound.
   *
   * @default 'mix'
   */
  readonly channel?: Channel | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes an audio file to mono samples at the file's own rate.
 *
 * WAV (also of ADPCM, GSM 6.10 and MP3), AIFF, AU, Wave64, NIST SPHERE, CAF of plain samples, FLAC, MP3, and Vorbis and Opus in Ogg and in
 * WebM give the same samples everywhere; {@link registerDecoder} adds formats. In a browser's window all others (AAC in M4A, …) go to its
 * own decoder and come at 48 kHz; in Node those of MP4 and ADTS go to the optional packages `mediabunny` and `@mediabunny/server`, where
 * they are installed. The format is recognised by the content. A file that is damaged or cut short gives the samples that can still be
 * decoded. Timers and input have their turn meanwhile.
 *
 * @throws {AudioFormatError} when the bytes are not audio, of an unsupported format, hold no samples, samples that are NaN or
 *   infinite, floats in the range of integers, sound of several sampling rates, or more than `maxSeconds`; and where WebAssembly is
 *   refused, of FLAC, MP3, Vorbis and Opus
 * @throws {TypeError} when `bytes` is no Uint8Array, an option of the wrong type or of another name
 * @throws {RangeError} when `maxSeconds` is negative or NaN, or the sound has no such channel
 *
 * @example
 * ```ts
 * const { samples, sampleRate } = await decodeAudio(await readFile('speech.flac'));
 * ```
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Waveform> {
  const { maxSeconds, channel = 'mix', signal, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkMaxSeconds(ACTION, maxSeconds);
  checkChannel(ACTION, channel);
  if (!isUint8Array(bytes)) throw new TypeError(`Cannot ${ACTION}: bytes must be a Uint8Array, got ${typeName(bytes)}`);
  const pieces = decodedPieces(new ByteReader(ownView(bytes)), { maxSeconds, isHeld: true, signal });
  return abortable(holdWaveform(monoPieces(ACTION, pieces, { channel })), signal);
}

const ACTION = 'decode audio';

/** @throws {TypeError | RangeError} when it is given and no length */
export function checkMaxSeconds(action: string, maxSeconds: number | undefined): void {
  if (maxSeconds !== undefined) checkNumber(action, 'maxSeconds', maxSeconds, 0, Number.POSITIVE_INFINITY);
}

/**
 * The sound of a file, piece by piece, as it is read.
 *
 * @returns pieces of one rate, none of them empty, at least one
 * @throws {AudioFormatError} as {@link decodeAudio}, but for samples that are not finite
 */
export async function* decodedPieces(
  reader: ByteReader,
  { signal, ...bounds }: LengthBounds & Pick<DecodeOptions, 'signal'>,
): AsyncGenerator<AudioPiece, void, undefined> {
  try {
    await nextTask();
    signal?.throwIfAborted();
    const { format, found } = await findFormat(reader);
    const checkLength = lengthCheck(bounds, reader, found);
    let isSilent = true;
    for await (const piece of decodePieces(
      format ?? (await formatElsewhere(reader, found)),
      reader,
      checkLength,
      signal,
    )) {
      isSilent = false;
      yield piece;
    }
    if (isSilent) throw new AudioFormatError(`Cannot ${ACTION}: found no samples in ${found}`);
  } finally {
    reader.close();
  }
}
