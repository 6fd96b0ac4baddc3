// activations → activations of mean 0 and standard deviation 1 in each channel, and back
//
// Two passes over the activations each way. Sums are taken in float32 over a block of rows, four channels at a time in
// registers, and in float64 over the blocks.

import { loadSome, storeSome } from './vectors';

/** Floats of a block of rows. */
const BLOCK: usize = 4096;

/** Bytes of scratch that {@link batchNormForward} and {@link batchNormBackward} need. */
export function batchNormScratch(channels: usize): usize {
  return 32 * (channels + 4);
}

/**
 * Normalises by the statistics of the batch itself.
 *
 * @param x [rows, channels]
 * @param rectify whether negative results become 0
 * @param y [rows, channels], written
 * @param mean [channels], written
 * @param variance [channels], written: the biased one
 */
export function batchNormForward(
  x: usize,
  rows: usize,
  channels: usize,
  gamma: usize,
  beta: usize,
  epsilon: f32,
  rectify: bool,
  y: usize,
  mean: usize,
  variance: usize,
  scratch: usize,
): void {
  // About the first row: without it the sum of squares would cancel where the mean is far from 0.
  const sums = scratch;
  const squares = sums + 8 * (channels + 4);
  memory.fill(scratch, 0, batchNormScratch(channels));
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
  const scale = sums; // of floats, over what has been read of the sums
  for (let c: usize = 0; c < channels; c++) {
    const at = c << 2;
    const offset = load<f64>(sums + (c << 3)) / f64(rows);
    const spread = max<f64>(0, load<f64>(squares + (c << 3)) / f64(rows) - offset * offset);
    const center = f64(load<f32>(x + at)) + offset;
    const factor = f64(load<f32>(gamma + at)) / sqrt<f64>(spread + f64(epsilon));
    store<f32>(mean + at, f32(center));
    store<f32>(variance + at, f32(spread));
    store<f32>(scale + at, f32(factor));
  }
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
 * The gradients of {@link batchNormForward}.
 *
 * @param dy [rows, channels]
 * @param dx [rows, channels], written
 * @param dGamma [channels], written
 * @param dBeta [channels], written
 */
export function batchNormBackward(
  dy: usize,
  x: usize,
  y: usize,
  rows: usize,
  channels: usize,
  gamma: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  rectify: bool,
  dx: usize,
  dGamma: usize,
  dBeta: usize,
  scratch: usize,
): void {
  const sums = scratch; // of dy
  const products = sums + 8 * (channels + 4); // of dy · (x − mean)
  memory.fill(scratch, 0, batchNormScratch(channels));
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
  // dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)), written as scale·dy + slope·(x − mean) + constant.
  const scale = sums; // of floats, over what has been read of the sums
  const slope = products;
  const constant = products + 8 * (channels + 4);
  for (let c: usize = 0; c < channels; c++) {
    const at = c << 2;
    const sum = load<f64>(sums + (c << 3));
    const product = load<f64>(products + (c << 3));
    const inverse = 1 / sqrt<f64>(f64(load<f32>(variance + at)) + f64(epsilon));
    const factor = f64(load<f32>(gamma + at)) * inverse;
    const tilt = (-factor * inverse * inverse * product) / f64(rows);
    store<f32>(dGamma + at, f32(product * inverse));
    store<f32>(dBeta + at, f32(sum));
    store<f32>(scale + at, f32(factor));
    store<f32>(slope + at, f32(tilt));
    store<f32>(constant + at, f32((-factor * sum) / f64(rows)));
  }
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
