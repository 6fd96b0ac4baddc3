// whatever can be classified → pieces of its sound
//
// The one door for sound, whatever it is and however long.

import { typeName } from '../core/check.ts';
import { AudioFormatError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { audioBufferPiece } from './audioBufferPiece.ts';
import type { AudioPiece } from './audioDecoder.ts';
import { checkShape } from './checkWaveform.ts';
import { decodedPieces } from './decode.ts';
import { type EncodedSound, openBytes } from './encodedSound.ts';
import type { LengthBounds } from './lengthCheck.ts';
import { isUnknownHere, unknownHere } from './unknownHere.ts';
import type { Waveform } from './waveform.ts';

/**
 * What can be classified: raw samples, decoded Web Audio, or an encoded file (whose format is read from its content, never from a
 * name), in memory or as it comes. A Node `Buffer` is a `Uint8Array`, a browser `File` is a `Blob`.
 */
export type AudioInput = Waveform | AudioBuffer | EncodedSound;

/** Seconds of sound in a piece at most: some 10 ms of work for whoever takes it. */
const LONGEST_PIECE = 1;

/**
 * The sound of any input, piece by piece; all channels, not checked for finite samples yet.
 *
 * @param action for messages: `Cannot <action>: …`
 * @returns pieces of one rate, none of them empty, at least one
 * @throws {TypeError} when the input is none of {@link AudioInput}
 * @throws {RangeError} when a raw waveform is empty or its rate impossible
 * @throws {AudioFormatError} when the bytes cannot be decoded; with the file's name, where it has one
 */
export async function* soundPieces(
  action: string,
  input: AudioInput,
  { signal, ...bounds }: LengthBounds & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<AudioPiece, void, undefined> {
  signal?.throwIfAborted();
  if (typeof input === 'object' && input !== null) {
    const bytes = openBytes(action, input, signal);
    if (bytes) return yield* named(decodedPieces(bytes.reader, { ...bounds, signal }), bytes.file);
    // Kinds are recognised by their shape: Node has no AudioBuffer to be an instance of, and objects may come from another realm.
    if ('getChannelData' in input) return yield* inTurns(action, audioBufferPiece(input), signal);
    if ('samples' in input) {
      const { samples, sampleRate } = input;
      return yield* inTurns(action, { channels: [samples], sampleRate, totalSamples: samples?.length }, signal);
    }
  }
  throw new TypeError(
    `Cannot ${action}: input must be a Waveform { samples, sampleRate }, an AudioBuffer, or encoded bytes ` +
      `(Uint8Array, ArrayBuffer, Blob, or a stream of Uint8Array), got ${typeName(input)}`,
  );
}

/** Pieces whose errors name their file, where they are of its format. */
async function* named(
  pieces: AsyncGenerator<AudioPiece, void, undefined>,
  file: string | undefined,
): AsyncGenerator<AudioPiece, void, undefined> {
  try {
    for await (const piece of pieces) yield* cut(piece);
  } catch (error) {
    if (!(error instanceof AudioFormatError) || file === undefined || error.file !== undefined) throw error;
    const renamed = new AudioFormatError(`${error.message} (in ${file})`, { cause: error.cause, file });
    throw isUnknownHere(error) ? unknownHere(renamed) : renamed;
  }
}

/** Sound in memory, which takes no turns by itself and is often worked on in a loop. */
async function* inTurns(
  action: string,
  piece: AudioPiece,
  signal: AbortSignal | undefined,
): AsyncGenerator<AudioPiece, void, undefined> {
  for (const samples of piece.channels)
    checkShape(action, { samples: samples as Float32Array, sampleRate: piece.sampleRate });
  for (const part of cut(piece)) {
    await nextTask();
    signal?.throwIfAborted();
    yield part;
  }
}

/** A piece in parts that are none of them long. */
function* cut({ channels, sampleRate, totalSamples }: AudioPiece): Generator<AudioPiece, void, undefined> {
  const length = channels[0]?.length ?? 0;
  const most = Math.max(1, Math.floor(LONGEST_PIECE * sampleRate));
  for (let at = 0; at < length; at += most) {
    const parts = at === 0 && length <= most ? channels : channels.map((channel) => channel.subarray(at, at + most));
    yield { channels: parts, sampleRate, totalSamples };
  }
}
