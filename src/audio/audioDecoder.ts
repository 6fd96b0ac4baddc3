// encoded bytes of one format → pieces of sound: what a decoder is

/** Some of the sound of a file, which follows that of the piece before. A piece may be empty. */
export interface AudioPiece {
  /** The samples of each channel, all of one length, full scale ±1; their mean is taken, and rounded to 32 bits then. */
  readonly channels: readonly (Float32Array | Float64Array)[];
  /** Samples per second, in Hz. A file whose pieces have several, but for empty ones, is refused. */
  readonly sampleRate: number;
  /**
   * Samples a channel in the whole file, where the decoder knows: what is too long is then refused early, and memory taken once.
   */
  readonly totalSamples?: number | undefined;
}

/** A format that can be decoded. */
export interface AudioDecoder {
  /** What the format is called, for messages: `FLAC`. */
  readonly name: string;
  /**
   * Tells whether bytes are of this format, from their beginning.
   *
   * @param bytes of the whole file, one at least; not to be changed
   * @returns what they are, in words for messages, e.g. `a FLAC file`; undefined where they are something else
   */
  sniff(bytes: Uint8Array): string | undefined;
  /**
   * Decodes a file that `sniff` has recognised, piece by piece: between pieces the host has its turn, and the work can be stopped.
   * A good piece takes some 20 ms. A file that is cut short or damaged in part gives what can still be decoded.
   *
   * @throws {AudioFormatError} saying what was found and what is supported; any other error counts as a damaged file
   */
  decode(bytes: Uint8Array): AsyncIterable<AudioPiece> | Iterable<AudioPiece>;
}
