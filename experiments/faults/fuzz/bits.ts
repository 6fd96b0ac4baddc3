// numbers of so many bits → bytes

/** Writes numbers of any number of bits, the highest first, as FLAC has them. */
export class Bits {
  readonly #bytes: number[] = [];
  #filled = 0;

  /** The lowest `width` bits of a number, whatever is above them. */
  put(value: number, width: number): this {
    for (let bit = width - 1; bit >= 0; bit--) {
      if (this.#filled % 8 === 0) this.#bytes.push(0);
      const one = Math.floor(value / 2 ** bit) % 2 !== 0;
      if (one) this.#bytes[this.#bytes.length - 1]! |= 0x80 >> (this.#filled % 8);
      this.#filled++;
    }
    return this;
  }

  /** So many zeros and a one. */
  unary(zeros: number): this {
    for (let i = 0; i < zeros; i++) this.put(0, 1);
    return this.put(1, 1);
  }

  /** The bytes, the last filled with zeros. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
