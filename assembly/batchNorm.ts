// activations → activations of mean 0 and standard deviation 1 in each channel, and back
//
// Two passes over the activations each way, the first for sums and the second by what is made of them in between: outside, in
// float64, where sums of other parts of the batch may come in. Sums are taken in float32 over a block of rows, four channels at a time
// in registers, and in float64 over the blocks.

import { loadSome, storeSome } from './vectors';

/** Floats of a block of rows. */
const BLOCK: usize = 4096;

/**
 * Sums over the rows, about the first one: without it the sum of squares would cancel where the mean is far from 0.
 *
 * @param x [rows, channels]
 * @param sums [channels + 4] of float64, written
 * @param squares [channels + 4] of float64, written
 */
export function batchNormSums(x: usize, rows: usize, channels: usize, sums: usize, squares: usize): void {
  memory.fill(sums, 0, 8 * (channels + 4));
  memory.fill(squares, 0, 8 * (channels + 4));
  const row = channels << 2;
  const blockRows = max<usize>(1, BLOCK / channels);
  for (let first: usize = 0; first < rows; first += blockRows) {
    const count = min(blockRows, rows - first);
    for (let c: usize = 0; c < channels; c += 4) {
      const width = channels - c;
      const origin = loadSome(x + (c << 2), width);
      let sum = f32x4.splat(0);
      let square = f32x4.splat(0);
      let at = x + first * row + (c << 2);
      for (let r: usize = 0; r < count; r++, at += row) {
        const value = f32x4.sub(loadSome(at, width), origin);
        sum = f32x4.add(sum, value);
        square = f32x4.add(square, f32x4.mul(value, value));
      }
      accumulate(sums + (c << 3), sum);
      accumulate(squares + (c << 3), square);
    }
  }
}

/**
 * Normalises.
 *
 * @param x [rows, channels]
 * @param mean [channels]
 * @param scale [channels + 4], γ over the standard deviation
 * @param beta [channels]
 * @param rectify whether negative results become 0
 * @param y [rows, channels], written
 */
export function batchNormForward(
  x: usize,
  rows: usize,
  channels: usize,
  mean: usize,
  scale: usize,
  beta: usize,
  rectify: bool,
  y: usize,
): void {
  const row = channels << 2;
  const floor = f32x4.splat(rectify ? 0 : -Infinity);
  for (let r: usize = 0; r < rows; r++, x += row, y += row) {
    for (let c: usize = 0; c < channels; c += 4) {
      const at = c << 2;
      const width = channels - c;
      // Centred first: a scaled x and a scaled mean would cancel.
      const centered = f32x4.sub(loadSome(x + at, width), loadSome(mean + at, width));
      const result = f32x4.add(f32x4.mul(centered, v128.load(scale + at)), loadSome(beta + at, width));
      storeSome(y + at, f32x4.max(result, floor), width);
    }
  }
}

/**
 * Sums over the rows for the gradients.
 *
 * @param dy [rows, channels]
 * @param x [rows, channels]
 * @param y [rows, channels]
 * @param sums [channels + 4] of float64, written: of dy, where `rectify` let it pass
 * @param products [channels + 4] of float64, written: of dy · (x − mean)
 */
export function batchNormBackwardSums(
  dy: usize,
  x: usize,
  y: usize,
  rows: usize,
  channels: usize,
  mean: usize,
  rectify: bool,
  sums: usize,
  products: usize,
): void {
  memory.fill(sums, 0, 8 * (channels + 4));
  memory.fill(products, 0, 8 * (channels + 4));
  const row = channels << 2;
  const blockRows = max<usize>(1, BLOCK / channels);
  for (let first: usize = 0; first < rows; first += blockRows) {
    const count = min(blockRows, rows - first);
    for (let c: usize = 0; c < channels; c += 4) {
      const width = channels - c;
      const center = loadSome(mean + (c << 2), width);
      let sum = f32x4.splat(0);
      let product = f32x4.splat(0);
      let at = first * row + (c << 2);
      for (let r: usize = 0; r < count; r++, at += row) {
        const value = passed(dy + at, y + at, width, rectify);
        sum = f32x4.add(sum, value);
        product = f32x4.add(product, f32x4.mul(value, f32x4.sub(loadSome(x + at, width), center)));
      }
      accumulate(sums + (c << 3), sum);
      accumulate(products + (c << 3), product);
    }
  }
}

/**
 * The gradient by x: scale · dy + slope · (x − mean) + constant.
 *
 * @param scale [channels + 4]
 * @param slope [channels + 4]
 * @param constant [channels + 4]
 * @param dx [rows, channels], written
 */
export function batchNormBackward(
  dy: usize,
  x: usize,
  y: usize,
  rows: usize,
  channels: usize,
  mean: usize,
  rectify: bool,
  scale: usize,
  slope: usize,
  constant: usize,
  dx: usize,
): void {
  const row = channels << 2;
  for (let at: usize = 0, r: usize = 0; r < rows; r++, at += row) {
    for (let c: usize = 0; c < channels; c += 4) {
      const i = at + (c << 2);
      const width = channels - c;
      const fromGradient = f32x4.mul(passed(dy + i, y + i, width, rectify), v128.load(scale + (c << 2)));
      const centered = f32x4.sub(loadSome(x + i, width), loadSome(mean + (c << 2), width));
      const fromInput = f32x4.mul(centered, v128.load(slope + (c << 2)));
      storeSome(dx + i, f32x4.add(f32x4.add(fromGradient, fromInput), v128.load(constant + (c << 2))), width);
    }
  }
}

/** dy, but 0 where ReLU gave 0. */
function passed(dy: usize, y: usize, count: usize, rectify: bool): v128 {
  const gradient = loadSome(dy, count);
  return rectify ? v128.and(gradient, f32x4.gt(loadSome(y, count), f32x4.splat(0))) : gradient;
}

/** Adds four floats to four doubles. */
function accumulate(to: usize, value: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(value)));
  const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
  v128.store(to, f64x2.add(v128.load(to, 16), high), 16);
}
