// numbers that come one after the other → the latest of them

/** Keeps the last so many numbers of a sequence without end, each known by its place in the sequence. */
export class Ring {
  readonly #values: Float32Array;
  #end = 0;

  /** @param capacity how many numbers are kept at most */
  constructor(capacity: number) {
    this.#values = new Float32Array(capacity);
  }

  /** How many numbers are kept at most. */
  get capacity(): number {
    return this.#values.length;
  }

  /** The place of the oldest number that is kept. */
  get start(): number {
    return Math.max(0, this.#end - this.#values.length);
  }

  /** How many numbers there have been: the place of the next. */
  get end(): number {
    return this.#end;
  }

  /** Adds numbers in place of the oldest. */
  push(numbers: Float32Array): void {
    const capacity = this.#values.length;
    const kept = numbers.subarray(Math.max(0, numbers.length - capacity));
    const at = (this.#end + numbers.length - kept.length) % capacity;
    const first = kept.subarray(0, capacity - at);
    this.#values.set(first, at);
    this.#values.set(kept.subarray(first.length), 0);
    this.#end += numbers.length;
  }

  /**
   * A copy of the numbers from one place up to another.
   *
   * @throws {RangeError} when they are not kept, or not there yet
   */
  slice(from: number, to: number): Float32Array {
    if (from < this.start || to > this.#end || from > to) {
      throw new RangeError(`Cannot read: ${from} to ${to} must lie within ${this.start} to ${this.#end}`);
    }
    const capacity = this.#values.length;
    const numbers = new Float32Array(to - from);
    const at = from % capacity;
    const first = this.#values.subarray(at, Math.min(capacity, at + numbers.length));
    numbers.set(first);
    numbers.set(this.#values.subarray(0, numbers.length - first.length), first.length);
    return numbers;
  }
}
