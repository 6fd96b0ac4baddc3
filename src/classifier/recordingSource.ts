// a recording → its samples as `stream` takes them

import type { MonoPiece, MonoPieces } from '../audio/monoPieces.ts';
import type { SampleSource } from '../audio/soundSource.ts';
import { abortable } from '../core/abortable.ts';

/** A recording that is read as a live source is. */
export class RecordingSource implements SampleSource {
  /** In Hz. */
  readonly sampleRate: number;
  readonly #pieces: AsyncIterator<MonoPiece>;
  #first: Float32Array | undefined;

  private constructor(first: MonoPiece, pieces: AsyncIterator<MonoPiece>) {
    this.sampleRate = first.sampleRate;
    this.#first = first.samples;
    this.#pieces = pieces;
  }

  /**
   * Reads the first piece, which tells the rate.
   *
   * @throws what reading throws, or the signal's reason
   */
  static async open(sound: MonoPieces, signal: AbortSignal): Promise<RecordingSource> {
    const pieces = sound[Symbol.asyncIterator]();
    const { value } = await abortable(pieces.next(), signal);
    return new RecordingSource(value as MonoPiece, pieces); // there is one piece at least
  }

  async next(): Promise<Float32Array | undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (first) return first;
    const { done, value } = await this.#pieces.next();
    return done ? undefined : value.samples;
  }

  end(): void {
    void this.#pieces.return?.().catch(() => {});
  }
}
