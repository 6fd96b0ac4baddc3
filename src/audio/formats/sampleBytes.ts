// a file, how many bytes its samples claim → the bytes of its samples, as they are read
//
// Recorders that write to a pipe, or that were cut off, leave 0, 0xFFFFFFFF or too much as the size. Then the samples reach to the end of
// the file, or to the chunks that do: where known letters turn up, it is read on until it is clear whether chunks alone fill the rest.

import { ByteReader } from '../../core/byteReader.ts';
import { type ByteOrder, chunksFillTheRest, mayBeginChunk } from './chunks.ts';

/** Letters of chunks among the samples, after which none are looked for: by chance they come once in 80 MB. */
const MOST_LETTERS = 1000;

/** The bytes of the samples, which begin where the reader is. */
export class SampleBytes {
  readonly #reader: ByteReader;
  readonly #behind: ByteOrder | undefined; // undefined where no chunks are looked for
  /** Bytes that are still to be read, at most. */
  #left: number;
  /** Bytes ahead that are samples, not chunks. */
  #searched = 0;
  #isBeginning = true;
  #lettersLeft = MOST_LETTERS;
  readonly #isKnown: boolean;

  /**
   * @param claimed how many there are, as the file says; undefined where it does not know
   * @param behind the byte order of the chunks that may follow; undefined where none can
   */
  constructor(reader: ByteReader, claimed: number | undefined, behind?: ByteOrder | undefined) {
    this.#reader = reader;
    this.#left = claimed ?? Number.POSITIVE_INFINITY;
    const rest = reader.size === undefined ? undefined : Math.max(0, reader.size - reader.position);
    this.#behind = rest !== undefined && this.#left <= rest ? undefined : behind;
    this.#isKnown = rest !== undefined && !this.#behind;
    if (this.#isKnown) this.#left = Math.min(this.#left, rest!);
  }

  /** How many are left to be read, where that is known. */
  get size(): number | undefined {
    return this.#isKnown ? this.#left : undefined;
  }

  /** The bytes that come next, which stay to be read: `count` of them, less where there are no more. */
  async ahead(count: number): Promise<Uint8Array> {
    if (this.#behind) await this.#search(count, this.#behind);
    return this.#reader.ahead(Math.min(count, this.#left));
  }

  /** Reads `count` bytes, less where there are no more. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.ahead(count);
    await this.#reader.skip(bytes.length);
    this.#left -= bytes.length;
    this.#searched -= bytes.length;
    return bytes;
  }

  /** What reads them as a file of their own. */
  reader(): ByteReader {
    return new ByteReader({
      size: this.size,
      next: async () => {
        const bytes = await this.take(PIECE);
        return bytes.length > 0 ? bytes : undefined;
      },
      end() {},
    });
  }

  /** Looks for the end of the samples in so many bytes. */
  async #search(count: number, order: ByteOrder): Promise<void> {
    const bytes = await this.#reader.ahead(Math.min(count, this.#left) + 8);
    const to = Math.min(count, this.#left, bytes.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = Math.max(0, this.#searched); at < to && this.#lettersLeft > 0; at++) {
      if (!mayBeginChunk(view, at, this.#isBeginning && at === 0)) continue;
      this.#lettersLeft--;
      const end = await chunksFillTheRest(this.#reader, at, order);
      if (end === undefined || end >= this.#left) continue; // of samples that are all there, nothing is a chunk
      this.#left = at;
      break;
    }
    this.#isBeginning = false;
    this.#searched = to;
  }
}

/** Bytes of a piece of the reader: more would be waited for. */
const PIECE = 2 ** 13;
