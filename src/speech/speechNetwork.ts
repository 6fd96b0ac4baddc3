// rows of features as they come → how likely each is to be speech
//
// A convolution over time and residual blocks, each a dilated convolution a channel and a mixture of the channels (Bai et al. 2018,
// "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence Modeling"; Howard et al. 2017, "MobileNets").
// Plain loops over typed arrays: no backend, and each row's result is computed alike however the rows come.

import { STEP_SIZE } from './speechFeatures.ts';

/** Channels between the layers. */
export const CHANNELS = 40;
/** Rows that the first layer sees: the one before, and the row itself. */
export const FIRST_TAPS = 2;
/** Rows that a block sees in each channel. */
export const TAPS = 5;
/** How far apart these rows are, and how many of them come later than the one that is worked out, block by block. */
export const BLOCKS = [
  { dilation: 1, ahead: 1 },
  { dilation: 2, ahead: 1 },
  { dilation: 4, ahead: 1 },
  { dilation: 8, ahead: 0 },
] as const;
/** Rows that have to follow before a row's result is known. */
export const AHEAD = BLOCKS.reduce((sum, { dilation, ahead }) => sum + dilation * ahead, 0);

/** The parts of the weights, in order, and how many numbers each has. */
export const PARTS: readonly (readonly [name: string, rows: number, columns: number])[] = [
  ['first', FIRST_TAPS * STEP_SIZE, CHANNELS],
  ['first.bias', 1, CHANNELS],
  ...BLOCKS.flatMap((_, i) => [
    [`block${i}.each`, TAPS, CHANNELS] as const,
    [`block${i}.each.bias`, 1, CHANNELS] as const,
    [`block${i}.mix`, CHANNELS, CHANNELS] as const,
    [`block${i}.mix.bias`, 1, CHANNELS] as const,
  ]),
  ['last', 1, CHANNELS],
  ['last.bias', 1, 1],
];

/** How many numbers the weights are. */
export const WEIGHTS = PARTS.reduce((sum, [, rows, columns]) => sum + rows * columns, 0);

/** Weights by part. */
export function partsOf(weights: Float32Array): Record<string, Float32Array> {
  let at = 0;
  return Object.fromEntries(
    PARTS.map(([name, rows, columns]) => {
      const part = weights.subarray(at, at + rows * columns);
      at += rows * columns;
      return [name, part];
    }),
  );
}

/** The network at work on one sound. */
export class SpeechNetwork {
  readonly #first: FirstLayer;
  readonly #blocks: readonly Block[];
  readonly #last: Float32Array;
  readonly #bias: number;

  /** @param weights {@link WEIGHTS} numbers, as {@link PARTS} has them */
  constructor(weights: Float32Array) {
    const parts = partsOf(weights);
    this.#first = new FirstLayer(parts.first!, parts['first.bias']!);
    this.#blocks = BLOCKS.map(({ dilation, ahead }, i) => {
      const part = (name: string) => parts[`block${i}.${name}`]!;
      return new Block(dilation, ahead, part('each'), part('each.bias'), part('mix'), part('mix.bias'));
    });
    this.#last = parts.last!;
    this.#bias = parts['last.bias']![0]!;
  }

  /** Takes the next row; the result of the row {@link AHEAD} rows before it, where there is one. */
  push(row: Float32Array): number | undefined {
    return this.#finish(this.#through(0, this.#first.push(row)));
  }

  /** The results of the rows that are left when no more come. */
  flush(): number[] {
    const results: number[] = [];
    for (const [i, block] of this.#blocks.entries()) {
      while (block.waiting > 0) {
        const result = this.#finish(this.#through(i + 1, block.push(undefined)));
        if (result !== undefined) results.push(result);
      }
    }
    return results;
  }

  #through(from: number, row: Float32Array | undefined): Float32Array | undefined {
    let values = row;
    for (let i = from; i < this.#blocks.length && values; i++) values = this.#blocks[i]!.push(values);
    return values;
  }

  #finish(row: Float32Array | undefined): number | undefined {
    if (!row) return undefined;
    let sum = this.#bias;
    for (let c = 0; c < CHANNELS; c++) sum += this.#last[c]! * Math.max(0, row[c]!);
    return 1 / (1 + Math.exp(-sum));
  }
}

/** A convolution over the row before and the row itself. */
class FirstLayer {
  readonly #weights: Float32Array;
  readonly #bias: Float32Array;
  readonly #rows = new Float32Array(FIRST_TAPS * STEP_SIZE);
  readonly #values = new Float32Array(CHANNELS);

  constructor(weights: Float32Array, bias: Float32Array) {
    this.#weights = weights;
    this.#bias = bias;
  }

  push(row: Float32Array): Float32Array {
    this.#rows.copyWithin(0, STEP_SIZE);
    this.#rows.set(row, (FIRST_TAPS - 1) * STEP_SIZE);
    mix(this.#rows, this.#weights, this.#bias, this.#values);
    for (let c = 0; c < CHANNELS; c++) this.#values[c] = Math.max(0, this.#values[c]!);
    return this.#values;
  }
}

/** A residual block. */
class Block {
  readonly #dilation: number;
  /** Rows that have to follow. */
  readonly #ahead: number;
  readonly #each: Float32Array;
  readonly #eachBias: Float32Array;
  readonly #mix: Float32Array;
  readonly #mixBias: Float32Array;
  /** The last rows, at their place modulo how many are kept; zeros before the first and behind the last. */
  readonly #rows: Float32Array;
  readonly #kept: number;
  readonly #hidden = new Float32Array(CHANNELS);
  readonly #values = new Float32Array(CHANNELS);
  /** Rows taken, those behind the last one counted. */
  #taken = 0;
  /** Rows given. */
  #given = 0;
  /** Rows that came. */
  #real = 0;

  constructor(
    dilation: number,
    ahead: number,
    each: Float32Array,
    eachBias: Float32Array,
    mixing: Float32Array,
    mixBias: Float32Array,
  ) {
    this.#dilation = dilation;
    this.#ahead = ahead * dilation;
    this.#each = each;
    this.#eachBias = eachBias;
    this.#mix = mixing;
    this.#mixBias = mixBias;
    this.#kept = (TAPS - 1) * dilation + 1;
    this.#rows = new Float32Array(this.#kept * CHANNELS);
  }

  /** Rows that came and whose result is not given yet. */
  get waiting(): number {
    return this.#real - this.#given;
  }

  /**
   * @param row undefined behind the last one
   * @returns overwritten by the next call
   */
  push(row: Float32Array | undefined): Float32Array | undefined {
    const at = (this.#taken % this.#kept) * CHANNELS;
    if (row) {
      this.#rows.set(row, at);
      this.#real++;
    } else this.#rows.fill(0, at, at + CHANNELS);
    this.#taken++;
    if (this.#taken <= this.#ahead) return undefined;
    this.#compute(this.#given++);
    return this.#values;
  }

  #compute(place: number): void {
    const hidden = this.#hidden;
    hidden.set(this.#eachBias);
    const first = place + this.#ahead - (TAPS - 1) * this.#dilation;
    for (let tap = 0; tap < TAPS; tap++) {
      const from = first + tap * this.#dilation;
      if (from < 0) continue;
      const at = (from % this.#kept) * CHANNELS;
      for (let c = 0; c < CHANNELS; c++) hidden[c]! += this.#each[tap * CHANNELS + c]! * this.#rows[at + c]!;
    }
    for (let c = 0; c < CHANNELS; c++) hidden[c] = Math.max(0, hidden[c]!);
    mix(hidden, this.#mix, this.#mixBias, this.#values);
    const own = (place % this.#kept) * CHANNELS;
    for (let c = 0; c < CHANNELS; c++) this.#values[c]! += this.#rows[own + c]!;
  }
}

/** row · weights + bias, eight outputs at a time. */
function mix(row: Float32Array, weights: Float32Array, bias: Float32Array, out: Float32Array): void {
  const size = out.length;
  const length = row.length;
  for (let o = 0; o < size; o += 8) {
    let a = bias[o]!;
    let b = bias[o + 1]!;
    let c = bias[o + 2]!;
    let d = bias[o + 3]!;
    let e = bias[o + 4]!;
    let f = bias[o + 5]!;
    let g = bias[o + 6]!;
    let h = bias[o + 7]!;
    for (let i = 0, at = o; i < length; i++, at += size) {
      const x = row[i]!;
      if (x === 0) continue; // half of what comes out of a rectifier
      a += x * weights[at]!;
      b += x * weights[at + 1]!;
      c += x * weights[at + 2]!;
      d += x * weights[at + 3]!;
      e += x * weights[at + 4]!;
      f += x * weights[at + 5]!;
      g += x * weights[at + 6]!;
      h += x * weights[at + 7]!;
    }
    out[o] = a;
    out[o + 1] = b;
    out[o + 2] = c;
    out[o + 3] = d;
    out[o + 4] = e;
    out[o + 5] = f;
    out[o + 6] = g;
    out[o + 7] = h;
  }
}
