// frames as they come → a picture of the last half minute, and one of the whole session

import type { FeatureFrames } from 'speech-emotion/features';
import { evened, SETTLED } from './melPicture.ts';
import { type Picture, SCALE } from './picture.ts';

const { bands, columnsPerSecond } = SCALE;
/** The last half minute at least: more than is seen. */
const KEPT = 6000;
/** What nothing was heard in, in decibels. */
const SILENT = -110;

/** A picture of live sound. Memory does not grow with its length. */
export class LivePicture {
  /** Of the whole session, the longer the coarser. */
  readonly whole = new WholePicture();
  readonly #decibels = new Float32Array(KEPT * bands).fill(SILENT);
  readonly #levels = new Uint8Array(KEPT * bands);
  /** The number of the first column that is kept. */
  #first = 0;
  #count = 0;
  /** Columns before this one are shown as they stay. */
  #settled = 0;

  /** Adds the frames that follow. */
  add({ values, frames, startFrame }: FeatureFrames): void {
    while (this.#first + this.#count < startFrame) this.#push(SILENCE);
    for (let i = 0; i < frames; i++) this.#push(values.subarray(i * bands, (i + 1) * bands));
  }

  #push(column: Float32Array): void {
    this.whole.push(column);
    if (this.#count === KEPT) this.#forget();
    this.#decibels.set(column, this.#count++ * bands);
  }

  #forget(): void {
    const half = KEPT / 2;
    this.#decibels.copyWithin(0, half * bands);
    this.#levels.copyWithin(0, half * bands);
    this.#first += half;
    this.#count -= half;
    this.#settled = Math.max(0, this.#settled - half);
  }

  /** How much has been heard, in seconds. */
  get seconds(): number {
    return (this.#first + this.#count) / columnsPerSecond;
  }

  /** What is kept, and the second at which that begins. What was heard last depends on what follows. */
  get last(): { readonly picture: Picture; readonly start: number } {
    const from = Math.max(0, this.#settled - SETTLED);
    const levels = evened(this.#decibels.subarray(from * bands, this.#count * bands), this.#count - from, 1);
    this.#levels.set(levels.subarray((this.#settled - from) * bands), this.#settled * bands);
    this.#settled = Math.max(this.#settled, this.#count - SETTLED);
    const picture = { levels: this.#levels.subarray(0, this.#count * bands), columns: this.#count, columnsPerSecond };
    return { picture, start: this.#first / columnsPerSecond };
  }
}

const SILENCE = new Float32Array(bands).fill(SILENT);

/** So many columns, each the loudest of as many frames as need be. */
const MOST = 4000;

/** A picture of everything. */
class WholePicture {
  readonly #decibels = new Float32Array(MOST * bands).fill(SILENT);
  #framesPerColumn = 1;
  #frames = 0;

  /** Adds a frame. */
  push(column: Float32Array): void {
    if (this.#frames === MOST * this.#framesPerColumn) this.#halve();
    const at = bands * Math.floor(this.#frames++ / this.#framesPerColumn);
    for (let i = 0; i < bands; i++) this.#decibels[at + i] = Math.max(this.#decibels[at + i]!, column[i]!);
  }

  #halve(): void {
    const { length } = this.#decibels;
    for (let at = 0; at < length; at += 2 * bands) {
      for (let i = 0; i < bands; i++) {
        this.#decibels[at / 2 + i] = Math.max(this.#decibels[at + i]!, this.#decibels[at + bands + i]!);
      }
    }
    this.#decibels.fill(SILENT, length / 2);
    this.#framesPerColumn *= 2;
  }

  /** As far as it goes. */
  get picture(): Picture {
    const columns = Math.ceil(this.#frames / this.#framesPerColumn);
    const levels = evened(this.#decibels.subarray(0, columns * bands), columns, this.#framesPerColumn);
    return { levels, columns, columnsPerSecond: columnsPerSecond / this.#framesPerColumn };
  }
}
