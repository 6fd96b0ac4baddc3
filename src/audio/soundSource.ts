// a caller's source of live samples → its pieces, checked

import { typeName } from '../core/check.ts';
import { isFloat32Array } from '../core/realm.ts';
import { checkFinite } from './checkWaveform.ts';

/** Sound that is read as it comes. */
export interface SampleSource {
  /** The samples that follow; undefined at the end. */
  next(): Promise<Float32Array | undefined>;
  /** Ends the source, without waiting for it; its errors are dropped. May be called more than once. */
  end(): void;
}

/** Reads a source: what it gives is checked, and its end is not waited for. */
export class SoundSource implements SampleSource {
  readonly #action: string;
  readonly #pieces: AsyncIterator<Float32Array>;
  /** Samples so far. */
  #place = 0;
  #ended = false;

  /**
   * Begins to read.
   *
   * @param action what the sound is for, for messages
   * @throws {TypeError} when it is no source
   */
  constructor(action: string, source: AsyncIterable<Float32Array>) {
    if (typeof source?.[Symbol.asyncIterator] !== 'function') {
      const rule = 'an async iterable of Float32Array';
      throw new TypeError(`Cannot ${action}: source must be ${rule}, got ${typeName(source)}`);
    }
    this.#action = action;
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /**
   * The samples that follow; undefined at the end.
   *
   * @throws {TypeError} when it gives something else
   * @throws {AudioFormatError} when a sample is not finite
   * @throws what the source throws
   */
  async next(): Promise<Float32Array | undefined> {
    const { done, value } = (await this.#pieces.next()) ?? {};
    if (done) return undefined;
    if (!isFloat32Array(value)) {
      throw new TypeError(`Cannot ${this.#action}: the source must give Float32Array, got ${typeName(value)}`);
    }
    checkFinite(this.#action, value, this.#place);
    this.#place += value.length;
    return value;
  }

  /** Ends the source, without waiting for it; its errors are dropped. May be called more than once. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    void (async () => this.#pieces.return?.())().catch(() => {});
  }
}
