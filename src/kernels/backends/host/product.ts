// factors in typed arrays → their matrix product, summed in float64
//
// Tiles of 4 × 4 sums stay in registers, over factors laid out tile by tile, padded with zeros to whole tiles: in WebAssembly where
// there is, in JavaScript's own loops, still six times as fast as those of tfjs' cpu backend, where there is not. Both round alike.

import { type TileMultiplier, tileMultiplier } from '../simd/doubles.ts';

/** How a first factor lies in memory: transposed, `aRowStep` is 1 and `aStep` its row length. */
export interface RowLayout {
  readonly rows: number;
  readonly aRowStep: number;
  readonly aStep: number;
}

/** How a second factor lies in memory: transposed, `step` is 1 and `columnStep` its row length. */
export interface FactorLayout {
  readonly inner: number;
  readonly columns: number;
  /** @default columns */
  readonly step?: number | undefined;
  /** @default 1 */
  readonly columnStep?: number | undefined;
}

/**
 * a·b.
 *
 * @param product [rows, columns], written
 */
export function multiply(
  a: Float32Array,
  b: Float32Array,
  product: Float32Array,
  layout: RowLayout & FactorLayout,
): void {
  new PackedFactor(b, layout).multiply(a, product, layout);
}

/** The second factor of products, laid out once for many of them. */
export class PackedFactor {
  readonly #inner: number;
  readonly #columns: number;
  readonly #tiles: Float64Array;

  /** @param b [inner, columns], or transposed */
  constructor(b: Float32Array, { inner, columns, step = columns, columnStep = 1 }: FactorLayout) {
    this.#inner = inner;
    this.#columns = columns;
    this.#tiles = new Float64Array(4 * inner * Math.ceil(columns / 4));
    for (let column = 0; column < columns; column++) {
      let to = (column >> 2) * 4 * inner + (column & 3);
      let from = column * columnStep;
      for (let k = 0; k < inner; k++, to += 4, from += step) this.#tiles[to] = b[from]!;
    }
  }

  /** a·b, written to `product`, [rows, columns]. */
  multiply(a: Float32Array, product: Float32Array, { rows, aRowStep, aStep }: RowLayout): void {
    const inner = this.#inner;
    const columns = this.#columns;
    const fast = tileMultiplier();
    const multiplyBlock = fast ? fast.multiply : multiplyInLoops;
    for (let first = 0; first < rows; first += BLOCK) {
      const count = Math.min(BLOCK, rows - first);
      const layout = { rows: count, aRowStep, aStep };
      const writeRows = (tiles: Float64Array) => writeTiles(a, first * aRowStep, layout, inner, tiles);
      multiplyBlock(writeRows, this.#tiles, inner, count, columns, product, first * columns);
    }
  }
}

/** Rows of the first factor that are laid out at a time, so that a tile of the second serves several of theirs. */
const BLOCK = 32;

/** Some rows of the first factor, from `start` on, as tiles of four, padded with zeros. */
function writeTiles(
  a: Float32Array,
  start: number,
  { rows, aRowStep, aStep }: RowLayout,
  inner: number,
  tiles: Float64Array,
): void {
  for (let row = 0; row < tiles.length / inner; row++) {
    let to = (row >> 2) * 4 * inner + (row & 3);
    let from = start + row * aRowStep;
    for (let k = 0; k < inner; k++, from += aStep, to += 4) tiles[to] = row < rows ? a[from]! : 0;
  }
}

const multiplyInLoops: TileMultiplier['multiply'] = (writeRows, factor, inner, rows, columns, product, start) => {
  const tiles = new Float64Array(4 * inner * Math.ceil(rows / 4));
  const sums = new Float64Array(16);
  writeRows(tiles);
  for (let column = 0; column < columns; column += 4) {
    const width = Math.min(4, columns - column);
    for (let row = 0; row < rows; row += 4) {
      multiplyTile(tiles, row * inner, factor, column * inner, inner, sums);
      const height = Math.min(4, rows - row);
      for (let r = 0; r < height; r++) {
        const to = start + (row + r) * columns + column;
        for (let c = 0; c < width; c++) product[to + c] = sums[4 * r + c]!;
      }
    }
  }
};

/** Sixteen sums at once, so that each number read serves four products. */
function multiplyTile(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  inner: number,
  sums: Float64Array,
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < 4 * inner; k += 4) {
    const a0 = a[aStart + k]!;
    const a1 = a[aStart + k + 1]!;
    const a2 = a[aStart + k + 2]!;
    const a3 = a[aStart + k + 3]!;
    const b0 = b[bStart + k]!;
    const b1 = b[bStart + k + 1]!;
    const b2 = b[bStart + k + 2]!;
    const b3 = b[bStart + k + 3]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
  sums[8] = s20;
  sums[9] = s21;
  sums[10] = s22;
  sums[11] = s23;
  sums[12] = s30;
  sums[13] = s31;
  sums[14] = s32;
  sums[15] = s33;
}
