// a recording → its samples as `stream` takes them

import type { DecodeOptions } from '../audio/decode.ts';
import { endUnread } from '../audio/encodedSound.ts';
import type { MonoPiece } from '../audio/monoPieces.ts';
import type { AudioInput } from '../audio/soundPieces.ts';
import type { SampleSource } from '../audio/soundSource.ts';
import { abortable } from '../core/abortable.ts';
import { openMono } from './hear.ts';

/** A recording that is read as a live source is. */
export class RecordingSource implements SampleSource {
  readonly #recording: AudioInput;
  #pieces: AsyncIterator<MonoPiece> | undefined;
  #first: Float32Array | undefined;

  /** @param recording is not looked at before it is opened */
  constructor(recording: AudioInput) {
    this.#recording = recording;
  }

  /**
   * Reads the first piece.
   *
   * @returns the sampling rate in Hz
   * @throws what reading throws, or the signal's reason
   */
  async open(action: string, options: DecodeOptions): Promise<number> {
    this.#pieces = openMono(action, this.#recording, options)[Symbol.asyncIterator]();
    const { value } = await abortable(this.#pieces.next(), options.signal);
    const { samples, sampleRate } = value as MonoPiece; // there is one piece at least
    this.#first = samples;
    return sampleRate;
  }

  async next(): Promise<Float32Array | undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (first) return first;
    const { done, value } = await this.#pieces!.next();
    return done ? undefined : value.samples;
  }

  end(): void {
    if (this.#pieces) void this.#pieces.return?.().catch(() => {});
    else endUnread(this.#recording);
  }
}
