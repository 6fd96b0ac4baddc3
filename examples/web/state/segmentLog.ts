// segments of hours → numbers in a row, and segments again

import type { EmotionSegment, StreamSegment } from 'speech-emotion';

/** Four hours of segments; then the older half is let go. */
const MOST = 57_600;
const FIRST = 1024;

/** Remembers segments: some 90 bytes each, whatever the length of the session. */
export class SegmentLog {
  readonly #labels: readonly string[];
  readonly #sureAbove: number | undefined;
  /** Start, end, label (-1: no speech), scores by label. */
  #rows: Float64Array;
  readonly #width: number;
  #count = 0;

  constructor(labels: readonly string[], sureAbove: number | undefined) {
    this.#labels = labels;
    this.#sureAbove = sureAbove;
    this.#width = 3 + labels.length;
    this.#rows = new Float64Array(FIRST * this.#width);
  }

  /** The next one. */
  add({ start, end, label, scores = [] }: StreamSegment): void {
    this.#makeRoom();
    const at = this.#width * this.#count++;
    this.#rows.set([start, end, label === undefined ? -1 : this.#labels.indexOf(label)], at);
    for (const { label, score } of scores) this.#rows[at + 3 + this.#labels.indexOf(label)] = score;
  }

  #makeRoom(): void {
    if (this.#count < this.#rows.length / this.#width) return;
    if (this.#count >= MOST) {
      this.#count = MOST / 2;
      this.#rows.copyWithin(0, this.#count * this.#width);
      return;
    }
    const rows = new Float64Array(Math.min(2 * this.#count, MOST) * this.#width);
    rows.set(this.#rows);
    this.#rows = rows;
  }

  /** Those that end after a moment, in order. */
  segments(after = Number.NEGATIVE_INFINITY): EmotionSegment[] {
    let first = this.#count;
    while (first > 0 && this.#rows[(first - 1) * this.#width + 1]! > after) first--;
    return Array.from({ length: this.#count - first }, (_, i) => this.#segment((first + i) * this.#width));
  }

  #segment(at: number): EmotionSegment {
    const [start = 0, end = 0, index = -1] = this.#rows.subarray(at, at + 3);
    if (index < 0) return { start, end, speech: false };
    const all = this.#labels.map((label, i) => ({ label, score: this.#rows[at + 3 + i]! }));
    const { label, score } = all[index]!;
    const sure = this.#sureAbove === undefined ? undefined : score > this.#sureAbove;
    return { start, end, speech: true, label, confidence: score, sure, scores: all.sort((a, b) => b.score - a.score) };
  }
}
