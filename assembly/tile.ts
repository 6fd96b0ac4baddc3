// four rows × eight columns of a product, summed in registers
//
// Everything that multiplies comes down to the two loops here. Eight sums of four lanes, two vectors of the second factor
// and one spread value of the first are what the sixteen vector registers of x86 hold under V8: larger tiles spill, smaller
// ones load more than they multiply, and so does unrolling by hand (36 GFLOP/s as it is, 29 unrolled four times, on a core
// of which 51 is the limit without fused multiply-add).

/** Columns of a tile, and of a panel: the second factor is laid out as panels of eight columns, padded with zeros. */
export const PANEL: usize = 8;
/** Rows of a tile. */
export const BAND: usize = 4;
/** Bytes that a tile at the edge of the product is written to first. */
export const SPARE: usize = 128;

/** a · b + c; in the build for `relaxed-simd` in one instruction, with one rounding. */
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/**
 * A tile from rows of the first factor that are given by their addresses. A row consists of `runs` runs of `length` floats,
 * `skip` bytes between them: one run for a matrix, one for each filter line of a convolution.
 *
 * @param a0 the first row; where there are fewer than four, any may stand for the missing ones
 * @param panel `runs · length` rows of eight floats
 * @param to the first value to write, `stride` bytes from row to row
 * @param rows how many rows to write
 * @param columns how many columns to write
 * @param accumulate whether to add to what is there
 * @param spare `SPARE` bytes
 */
export function writeTile(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  runs: usize,
  length: usize,
  skip: usize,
  panel: usize,
  to: usize,
  stride: usize,
  rows: usize,
  columns: usize,
  accumulate: bool,
  spare: usize,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (let run: usize = 0; run < runs; run++) {
    const end = panel + (length << 5);
    while (panel < end) {
      const b0 = v128.load(panel);
      const b1 = v128.load(panel, 16);
      let a = v128.load32_splat(a0);
      s00 = multiplyAdd(a, b0, s00);
      s01 = multiplyAdd(a, b1, s01);
      a = v128.load32_splat(a1);
      s10 = multiplyAdd(a, b0, s10);
      s11 = multiplyAdd(a, b1, s11);
      a = v128.load32_splat(a2);
      s20 = multiplyAdd(a, b0, s20);
      s21 = multiplyAdd(a, b1, s21);
      a = v128.load32_splat(a3);
      s30 = multiplyAdd(a, b0, s30);
      s31 = multiplyAdd(a, b1, s31);
      panel += 32;
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
    }
    a0 += skip;
    a1 += skip;
    a2 += skip;
    a3 += skip;
  }
  storeTile(s00, s01, s10, s11, s20, s21, s30, s31, to, stride, rows, columns, accumulate, spare);
}

/**
 * A tile from a first factor whose four values of a step lie side by side: a transposed matrix, or pixels of an image. The
 * steps come in `lines` lines, `aSkip` bytes between those of the first factor, none between those of the second.
 *
 * @param aStep bytes from step to step
 * @param bStep bytes from step to step
 */
export function writeBand(
  a: usize,
  aStep: usize,
  aSkip: usize,
  b: usize,
  bStep: usize,
  lines: usize,
  steps: usize,
  to: usize,
  stride: usize,
  rows: usize,
  columns: usize,
  accumulate: bool,
  spare: usize,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (let line: usize = 0; line < lines; line++) {
    const end = b + steps * bStep;
    while (b < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let x = v128.load32_splat(a);
      s00 = multiplyAdd(x, b0, s00);
      s01 = multiplyAdd(x, b1, s01);
      x = v128.load32_splat(a, 4);
      s10 = multiplyAdd(x, b0, s10);
      s11 = multiplyAdd(x, b1, s11);
      x = v128.load32_splat(a, 8);
      s20 = multiplyAdd(x, b0, s20);
      s21 = multiplyAdd(x, b1, s21);
      x = v128.load32_splat(a, 12);
      s30 = multiplyAdd(x, b0, s30);
      s31 = multiplyAdd(x, b1, s31);
      a += aStep;
      b += bStep;
    }
    a += aSkip;
  }
  storeTile(s00, s01, s10, s11, s20, s21, s30, s31, to, stride, rows, columns, accumulate, spare);
}

function storeTile(
  s00: v128,
  s01: v128,
  s10: v128,
  s11: v128,
  s20: v128,
  s21: v128,
  s30: v128,
  s31: v128,
  to: usize,
  stride: usize,
  rows: usize,
  columns: usize,
  accumulate: bool,
  spare: usize,
): void {
  if (rows === BAND && columns === PANEL) {
    storeRow(s00, s01, to, accumulate);
    storeRow(s10, s11, to + stride, accumulate);
    storeRow(s20, s21, to + 2 * stride, accumulate);
    storeRow(s30, s31, to + 3 * stride, accumulate);
    return;
  }
  storeRow(s00, s01, spare, false);
  storeRow(s10, s11, spare + 32, false);
  storeRow(s20, s21, spare + 64, false);
  storeRow(s30, s31, spare + 96, false);
  for (let row: usize = 0; row < rows; row++) {
    for (let column: usize = 0; column < columns; column++) {
      const at = to + row * stride + (column << 2);
      const value = load<f32>(spare + ((row * PANEL + column) << 2));
      store<f32>(at, accumulate ? load<f32>(at) + value : value);
    }
  }
}

function storeRow(left: v128, right: v128, to: usize, accumulate: bool): void {
  if (accumulate) {
    left = f32x4.add(v128.load(to), left);
    right = f32x4.add(v128.load(to, 16), right);
  }
  v128.store(to, left);
  v128.store(to, right, 16);
}
