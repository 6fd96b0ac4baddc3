// encoded bytes of one format → pieces of sound: what a decoder is

import type { ByteReader } from '../core/byteReader.ts';

/** Some of the sound of a file, which follows that of the piece before. A piece may be empty. */
export interface AudioPiece {
  /** The samples of each channel, all of one length, full scale ±1. They are rounded to 32 bits when the channels are mixed. */
  readonly channels: readonly (Float32Array | Float64Array)[];
  /** Samples per second, in Hz. A file whose pieces have several, but for empty ones, is refused. */
  readonly sampleRate: number;
  /**
   * Samples a channel in the whole file, where the decoder knows: what is too long is then refused early, and memory taken once.
   */
  readonly totalSamples?: number | undefined;
}

/** Pieces of sound in their order. */
export type AudioPieces = AsyncIterable<AudioPiece> | Iterable<AudioPiece>;

/** A format that a host adds. */
export interface AudioDecoder {
  /** What the format is called, for messages: `FLAC`. */
  readonly name: string;
  /**
   * Tells whether a file is of this format, by its beginning.
   *
   * @param bytes the first mebibyte, or all of a file that is shorter; one byte at least; not to be changed
   * @returns what it is, in words for messages, e.g. `a FLAC file`; undefined where it is something else
   */
  sniff(bytes: Uint8Array): string | undefined;
  /**
   * Decodes a file that `sniff` has recognised, piece by piece: between pieces the host has its turn, and the work can be stopped.
   * A good piece takes some 20 ms. A file that is cut short or damaged in part gives what can still be decoded.
   *
   * @param bytes the whole file
   * @throws {AudioFormatError} saying what was found and what is supported; any other error counts as a damaged file
   */
  decode(bytes: Uint8Array): AudioPieces;
}

/** A format of the library's own: it is read as the bytes come, and gives the same whichever way they come. */
export interface AudioFormat extends Pick<AudioDecoder, 'name'> {
  /**
   * Tells whether a file is of this format, by its beginning behind tags.
   *
   * @param bytes some of the beginning
   * @param isAll whether it is the whole file
   */
  sniff(bytes: Uint8Array, isAll: boolean): string | undefined;
  /** As {@link AudioDecoder.decode}, of what is left to read: the file behind its tags. */
  decode(reader: ByteReader): AudioPieces;
}
