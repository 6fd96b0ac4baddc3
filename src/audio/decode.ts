// encoded bytes → Waveform

import { abortable } from '../core/abortable.ts';
import { checkNothingElse, checkNumber, checkOptions, typeName } from '../core/check.ts';
import { AudioFormatError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { isArrayBuffer, isUint8Array } from '../core/realm.ts';
import { checkFinite } from './checkWaveform.ts';
import { decodePieces } from './decodePieces.ts';
import { decoderNames, findDecoder } from './decoders.ts';
import { describeUnsupported } from './formats/unsupported.ts';
import { type LengthCheck, lengthCheck, MAX_RATE, MIN_RATE } from './lengthCheck.ts';
import { CONVERSION, decodesByPeer, findPeerDecoder, isNode, PEER_PACKAGES } from './peerDecoder.ts';
import { decodeByPlatform, hasPlatformDecoder } from './platform.ts';
import { unknownHere } from './unknownHere.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link decodeAudio}. */
export interface DecodeOptions {
  /**
   * How long the sound of a file may be, in seconds, from 0 to Infinity; set it when files come from strangers. A second at 48 kHz
   * takes 0.2 MB.
   * @default 43200 (12 hours), but no more than 2³⁰ samples (4 GiB) and, beyond 2²², 1000 samples a byte, which is three times what
   *   encoders make of digital silence
   */
  readonly maxSeconds?: number | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes an audio file to mono samples at the file's own rate, channels averaged.
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
 * @throws {RangeError} when `maxSeconds` is negative or NaN
 *
 * @example
 * ```ts
 * const { samples, sampleRate } = await decodeAudio(await readFile('speech.flac'));
 * ```
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Waveform> {
  const { maxSeconds, signal, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  if (maxSeconds !== undefined) checkNumber(ACTION, 'maxSeconds', maxSeconds, 0, Number.POSITIVE_INFINITY);
  if (!isUint8Array(bytes)) throw new TypeError(`Cannot ${ACTION}: bytes must be a Uint8Array, got ${typeName(bytes)}`);
  return abortable(decode(ownView(bytes), maxSeconds, signal), signal);
}

const ACTION = 'decode audio';

async function decode(
  bytes: Uint8Array,
  maxSeconds: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Waveform> {
  await nextTask();
  signal?.throwIfAborted();
  const { decoder, found } = (bytes.length > 0 && findDecoder(bytes)) || {
    decoder: undefined,
    found: describeUnsupported(bytes),
  };
  const checkLength = lengthCheck(maxSeconds, bytes.length, found);
  const waveform = decoder
    ? await decodePieces(decoder, bytes, checkLength, signal)
    : await decodeElsewhere(bytes, found, checkLength, signal);
  const { samples, sampleRate } = waveform;
  if (samples.length === 0) throw new AudioFormatError(`Cannot ${ACTION}: found no samples in ${found}`);
  if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) {
    throw new AudioFormatError(
      `Cannot ${ACTION}: found a sampling rate of ${sampleRate} Hz; ${MIN_RATE} to ${MAX_RATE} Hz are supported`,
    );
  }
  checkFinite(ACTION, samples);
  return waveform;
}

/** What no decoder here knows, the browser may, or in Node the optional one. */
async function decodeElsewhere(
  bytes: Uint8Array,
  found: string,
  checkLength: LengthCheck,
  signal: AbortSignal | undefined,
): Promise<Waveform> {
  const supported = decoderNames();
  if (bytes.length > 0 && hasPlatformDecoder()) return decodeByPlatform(bytes, found, supported, checkLength);
  const isPeers = isNode() && decodesByPeer(bytes);
  const peer = isPeers ? await findPeerDecoder(found) : undefined;
  if (peer) return decodePieces(peer, bytes, checkLength, signal);
  const hint = isPeers ? `in Node ${PEER_PACKAGES} decode it, which are not installed here` : CONVERSION;
  throw unknownHere(
    new AudioFormatError(
      `Cannot ${ACTION}: found ${found}; supported are ${supported.slice(0, -1).join(', ')} and ${supported.at(-1)}, ` +
        `in a browser's window what it can play, and what registerDecoder adds; ${hint}`,
    ),
  );
}

/** The bytes as decoders take them: of this realm, and none that other threads can change. */
function ownView(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return isArrayBuffer(buffer) ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
}
