// all that a result follows from → a short text that differs where any of it does

/**
 * Tells pieces of work apart, so that none goes on from what another left.
 *
 * Not for security: 64 bits, of two FNV-1a hashes. Each word that is added turns every state of them into another, so that two that
 * differ in one word never end alike.
 */
export class Fingerprint {
  #low = 0x811c9dc5;
  #high = 0x01234567;

  /** Takes in whatever is plain JSON. */
  addJson(value: unknown): this {
    const text = JSON.stringify(value) ?? '';
    return this.#add(Uint32Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }

  /** Takes in numbers bit for bit. */
  addFloats(values: Float32Array): this {
    return this.#add(new Uint32Array(values.buffer, values.byteOffset, values.length));
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return [this.#high, this.#low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** The words, then how many they are. */
  #add(words: Uint32Array): this {
    let [low, high] = [this.#low, this.#high]; // fields take ten times as long
    for (let i = 0; i <= words.length; i++) {
      const word = i < words.length ? words[i]! : i;
      low = Math.imul(low ^ word, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 13;
    }
    [this.#low, this.#high] = [low, high];
    return this;
  }
}

/** A short text that differs where the text does. */
export function textHash(text: string): string {
  return new Fingerprint().addJson(text).toString();
}

/** A short text that differs where any number of the arrays does, bit for bit. */
export function floatsHash(...arrays: readonly Float32Array[]): string {
  const hash = new Fingerprint();
  for (const values of arrays) hash.addFloats(values);
  return hash.toString();
}
