// bytes as they come → those that come next, with a look ahead
//
// What a look ahead gives depends on nothing but the bytes: not on the pieces they came in, nor on whether all were there from the
// beginning. So what is read from a stream is what is read from memory.

import { abortable } from './abortable.ts';
import { joinArrays } from './joinArrays.ts';

/** Where bytes come from. */
export interface BytePieces {
  /** How many there are in all, where it is known. */
  readonly size?: number | undefined;
  /** Those that follow; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Leaves out bytes; missing where they can only be read. */
  skip?(count: number): void;
  /** Lets the source go, without waiting for it. */
  end(): void;
}

/** Bytes that memory is taken for at a time: few at first, as many streams are short. */
const FIRST_BLOCK = 2 ** 16;
const BLOCK = 2 ** 22;
/** Bytes that `rest` gives at most: as many as an array can have everywhere. */
const MOST = 2 ** 31 - 1;

/** Reads bytes once, from the first to the last. */
export class ByteReader {
  #source: BytePieces | undefined; // undefined once all have come
  readonly #signal: AbortSignal | undefined;
  readonly #size: number | undefined;
  #block: Uint8Array;
  /** What is there of the block, and not yet read. */
  #start = 0;
  #end: number;
  #position = 0;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param source bytes in memory, which are not copied, or pieces of them
   * @param signal ends the waiting for pieces
   */
  constructor(source: Uint8Array | BytePieces, signal?: AbortSignal | undefined) {
    const isWhole = 'byteLength' in source;
    this.#source = isWhole ? undefined : source;
    this.#block = isWhole ? source : new Uint8Array(0);
    this.#end = this.#block.length;
    this.#size = isWhole ? source.length : source.size;
    this.#signal = signal;
  }

  /** How many bytes there are in all, where it is known, perhaps wrongly. */
  get size(): number | undefined {
    return this.#source ? this.#size : this.#position + this.#end - this.#start;
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#position;
  }

  /** What the source threw, if it has failed: the bytes are not at fault. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /**
   * The bytes that come next, which stay to be read. They are not to be changed, and stay as they are.
   *
   * @returns `count` of them; less where there are no more
   */
  async ahead(count: number): Promise<Uint8Array> {
    while (this.#end - this.#start < count && this.#source) await this.#more();
    return this.#block.subarray(this.#start, Math.min(this.#end, this.#start + count));
  }

  /** Reads bytes: `ahead` begins behind them. */
  async skip(count: number): Promise<void> {
    let left = count;
    while (left > this.#end - this.#start && this.#source) {
      left -= this.#end - this.#start;
      this.#position += this.#end - this.#start;
      this.#start = this.#end;
      if (this.#source.skip) {
        this.#source.skip(left);
        this.#position += left;
        left = 0;
      } else await this.#more();
    }
    const skipped = Math.min(left, this.#end - this.#start);
    this.#start += skipped;
    this.#position += skipped;
  }

  /** Reads `count` bytes, less where there are no more. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.ahead(count);
    await this.skip(bytes.length);
    return bytes;
  }

  /**
   * Reads all that is left.
   *
   * @throws {RangeError} when it is more than an array can hold
   */
  async rest(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let length = 0; ; ) {
      const part = await this.take(this.#source ? BLOCK : this.#end - this.#start);
      if (part.length === 0) return parts.length === 1 ? parts[0]! : joinArrays(Uint8Array, parts);
      parts.push(part);
      length += part.length;
      if (length > MOST) throw new RangeError(`Cannot read on: there must be at most ${MOST} bytes`);
    }
  }

  /** Lets the source go. May be called more than once. */
  close(): void {
    this.#source?.end();
    this.#source = undefined;
    this.#start = this.#end;
  }

  /** Waits for a piece, and puts it behind what is there. */
  async #more(): Promise<void> {
    const piece = await abortable(this.#source!.next(), this.#signal).catch((error: unknown) => {
      this.#failure = { error };
      throw error;
    });
    if (!piece) {
      this.#source!.end();
      this.#source = undefined;
      return;
    }
    if (this.#end + piece.length > this.#block.length) {
      // Another block: what was given of this one stays as it is.
      const kept = this.#block.subarray(this.#start, this.#end);
      const size = Math.max(FIRST_BLOCK, Math.min(BLOCK, 2 * this.#block.length));
      this.#block = new Uint8Array(Math.max(size, 2 * (kept.length + piece.length)));
      this.#block.set(kept);
      this.#start = 0;
      this.#end = kept.length;
    }
    this.#block.set(piece, this.#end);
    this.#end += piece.length;
  }
}
