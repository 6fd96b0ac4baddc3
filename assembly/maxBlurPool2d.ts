// feature maps → largest values of overlapping windows, filtered by [1, 2, 1] / 4 and thinned out, and back
//
// For windows of 2 × 2, 2 × 1 and 1 × 2. The maxima are never written down: a walk along a line has those of two columns at hand, and the
// gradient finds them again, which is cheaper than reading them.

import { loadSome, storeSome } from './vectors';

/** Stands for inputs outside the map. Finite, since it is multiplied by 0. */
const NONE: f32 = -3e38;

/** Bytes of scratch memory that either direction needs. */
export function maxBlurPool2dScratch(width: usize, channels: usize): usize {
  return 3 * width * (channels << 2);
}

/**
 * Anti-aliased max pooling.
 *
 * @param x [batch, height, width, channels]
 * @param y [batch, outHeight, outWidth, channels], written
 */
export function maxBlurPool2dForward(
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  sizeY: usize,
  sizeX: usize,
  y: usize,
  outHeight: usize,
  outWidth: usize,
  scratch: usize,
): void {
  const pixel = channels << 2;
  const line = width * pixel;
  const outLine = outWidth * pixel;
  const none = scratch;
  fill(none, width * channels, NONE);
  const carried = scratch + line; // the filtered maxima of the line before the output's own
  fill(carried, outWidth * channels, 0);
  for (let n: usize = 0; n < batch; n++, x += height * line, y += outHeight * outLine) {
    if (sizeY === 2) outputLine(none, none, x, width, channels, sizeX, outWidth, 0, 0, 0, carried, y);
    for (let o: usize = 0; o < outHeight; o++) {
      const own = o * sizeY;
      const second = sizeY === 2 && own + 1 < height ? x + (own + 1) * line : none;
      const third = sizeY === 2 && own + 2 < height ? x + (own + 2) * line : none;
      const before = share(0, o, sizeY, height);
      const middle = share(1, o, sizeY, height);
      const after = share(2, o, sizeY, height);
      const to = y + o * outLine;
      outputLine(x + own * line, second, third, width, channels, sizeX, outWidth, before, middle, after, carried, to);
    }
  }
}

/**
 * One line of outputs, of the windows in the first and second and in the second and third of three lines, and of those before, whose
 * maxima are carried.
 */
function outputLine(
  first: usize,
  second: usize,
  third: usize,
  width: usize,
  channels: usize,
  sizeX: usize,
  outWidth: usize,
  before: f32,
  middle: f32,
  after: f32,
  carried: usize,
  y: usize,
): void {
  const pixel = channels << 2;
  const line = width * pixel;
  const none = f32x4.splat(NONE);
  for (let c: usize = 0; c < pixel; c += 16) {
    const count = channels - (c >> 2);
    // Of the upper and of the lower windows: the largest of the current column, and of it and the one before.
    let at = c;
    let shared = loadSome(second + at, count);
    let upper = f32x4.max(loadSome(first + at, count), shared);
    let lower = f32x4.max(shared, loadSome(third + at, count));
    let upperLeft = upper;
    let lowerLeft = lower;
    for (let o: usize = 0, to = c; o < outWidth; o++, to += pixel) {
      let nextUpper = none;
      let nextLower = none;
      at += pixel;
      if (sizeX === 2 && at < line) {
        shared = loadSome(second + at, count);
        nextUpper = f32x4.max(loadSome(first + at, count), shared);
        nextLower = f32x4.max(shared, loadSome(third + at, count));
      }
      const upperOwn = f32x4.max(upper, nextUpper);
      const lowerOwn = f32x4.max(lower, nextLower);
      upper = none;
      lower = none;
      if (sizeX === 2) at += pixel;
      if (at < line) {
        shared = loadSome(second + at, count);
        upper = f32x4.max(loadSome(first + at, count), shared);
        lower = f32x4.max(shared, loadSome(third + at, count));
      }
      const left = f32x4.splat(share(0, o, sizeX, width));
      const own = f32x4.splat(share(1, o, sizeX, width));
      const right = f32x4.splat(share(2, o, sizeX, width));
      const upperRight = f32x4.max(nextUpper, upper);
      const lowerRight = f32x4.max(nextLower, lower);
      const above = weighted(upperLeft, left, upperOwn, own, upperRight, right);
      const below = weighted(lowerLeft, left, lowerOwn, own, lowerRight, right);
      upperLeft = upperRight;
      lowerLeft = lowerRight;
      const sum = weighted(
        loadSome(carried + to, count),
        f32x4.splat(before),
        above,
        f32x4.splat(middle),
        below,
        f32x4.splat(after),
      );
      storeSome(y + to, sum, count);
      storeSome(carried + to, below, count);
    }
  }
}

/**
 * The gradient of {@link maxBlurPool2dForward}: a window's goes to the first of its inputs that equals its maximum.
 *
 * @param dx [batch, height, width, channels], written
 */
export function maxBlurPool2dBackward(
  dy: usize,
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  sizeY: usize,
  sizeX: usize,
  outHeight: usize,
  outWidth: usize,
  dx: usize,
  scratch: usize,
): void {
  const pixel = channels << 2;
  const line = width * pixel;
  const outLine = outWidth * pixel;
  const none = scratch;
  fill(none, width * channels, NONE);
  const zeros = scratch + line;
  fill(zeros, width * channels, 0);
  const unread = zeros + line;
  for (let n: usize = 0; n < batch; n++, x += height * line, dx += height * line, dy += outHeight * outLine) {
    // The windows above the map reach into its first line.
    if (sizeY === 2) {
      inputLine(dy, share(0, 0, sizeY, height), dy, 0, none, x, width, channels, sizeX, outWidth, zeros, unread, dx);
    }
    for (let i: usize = 0; i < height; i++) {
      const o = i / sizeY;
      const own = i === o * sizeY;
      const last = o + 1 === outHeight;
      const weight = share(own ? 1 : 2, o, sizeY, height);
      const next: f32 = own || last ? 0 : share(0, o + 1, sizeY, height);
      const from = dy + o * outLine;
      const after = last ? from : from + outLine;
      const below = sizeY === 2 && i + 1 < height;
      const lower = below ? x + (i + 1) * line : none;
      const to = dx + i * line;
      const partial = sizeY === 2 ? to : zeros;
      const toLower = below ? to + line : unread;
      inputLine(from, weight, after, next, x + i * line, lower, width, channels, sizeX, outWidth, partial, to, toLower);
    }
  }
}

/**
 * The gradients of the inputs of a line of windows, two lines: of the upper one they are complete once those in `partial` are added, of
 * the lower one they are a part.
 *
 * @param from gradients of a line of outputs, which these windows have `weight` in, as they have `next` in those of `after`
 */
function inputLine(
  from: usize,
  weight: f32,
  after: usize,
  next: f32,
  upper: usize,
  lower: usize,
  width: usize,
  channels: usize,
  sizeX: usize,
  outWidth: usize,
  partial: usize,
  dUpper: usize,
  dLower: usize,
): void {
  const pixel = channels << 2;
  const line = width * pixel;
  const end = outWidth - 1;
  const none = f32x4.splat(NONE);
  const zero = f32x4.splat(0);
  const right = f32x4.splat(share(2, 0, sizeX, 3)); // of an output that is not the last
  for (let c: usize = 0; c < pixel; c += 16) {
    const count = channels - (c >> 2);
    // The column before, and the gradients that its inputs have got.
    let a = none;
    let b = none;
    let da = zero;
    let db = zero;
    let before = zero;
    let at = c;
    for (let o: usize = 0, out = c; o < outWidth; o++, out += pixel) {
      const own = f32x4.mul(loadSome(from + out, count), f32x4.splat(weight));
      const d = f32x4.add(own, f32x4.mul(loadSome(after + out, count), f32x4.splat(next)));
      const a1 = loadSome(upper + at, count);
      const b1 = loadSome(lower + at, count);
      let da1 = loadSome(partial + at, count);
      let db1 = zero;
      if (sizeX === 2) {
        // The window over the column before and this one.
        let left = f32x4.add(f32x4.mul(before, right), f32x4.mul(d, f32x4.splat(share(0, o, 2, width))));
        const largest = f32x4.max(f32x4.max(a, a1), f32x4.max(b, b1));
        let equal = f32x4.eq(a, largest);
        da = f32x4.add(da, v128.and(left, equal));
        left = v128.andnot(left, equal);
        equal = f32x4.eq(a1, largest);
        da1 = f32x4.add(da1, v128.and(left, equal));
        left = v128.andnot(left, equal);
        equal = f32x4.eq(b, largest);
        db = f32x4.add(db, v128.and(left, equal));
        left = v128.andnot(left, equal);
        equal = f32x4.eq(b1, largest);
        db1 = v128.and(left, equal);
        if (o > 0) {
          storeSome(dUpper + at - pixel, da, count);
          storeSome(dLower + at - pixel, db, count);
        }
      }
      a = none;
      b = none;
      da = zero;
      db = zero;
      const beside = at + pixel;
      const whole = sizeX === 2 && beside < line;
      if (whole) {
        a = loadSome(upper + beside, count);
        b = loadSome(lower + beside, count);
        da = loadSome(partial + beside, count);
      }
      let left = f32x4.mul(d, f32x4.splat(share(1, o, sizeX, width)));
      const largest = f32x4.max(f32x4.max(a1, a), f32x4.max(b1, b));
      let equal = f32x4.eq(a1, largest);
      da1 = f32x4.add(da1, v128.and(left, equal));
      left = v128.andnot(left, equal);
      equal = f32x4.eq(a, largest);
      da = f32x4.add(da, v128.and(left, equal));
      left = v128.andnot(left, equal);
      equal = f32x4.eq(b1, largest);
      db1 = f32x4.add(db1, v128.and(left, equal));
      left = v128.andnot(left, equal);
      equal = f32x4.eq(b, largest);
      db = v128.and(left, equal);
      storeSome(dUpper + at, da1, count);
      storeSome(dLower + at, db1, count);
      if (o === end && whole) {
        // The last column is in a window of its own.
        const d1 = f32x4.mul(d, right);
        const inUpper = f32x4.ge(a, b);
        storeSome(dUpper + beside, f32x4.add(da, v128.and(d1, inUpper)), count);
        storeSome(dLower + beside, f32x4.add(db, v128.andnot(d1, inUpper)), count);
      }
      before = d;
      at += sizeX * pixel;
    }
  }
}

/** How much window `k` of 0, 1 and 2 counts in an output: see src/kernels/backends/triangularFilter.ts. */
function share(k: usize, output: usize, size: usize, inputs: usize): f32 {
  if (size === 1) return k === 1 ? 1 : 0;
  // Behind an odd number of inputs there is no third window.
  const whole = output + output + 1 < inputs;
  if (k === 1) return whole ? 0.5 : f32(2.0 / 3.0);
  if (k === 0) return whole ? 0.25 : f32(1.0 / 3.0);
  return whole ? 0.25 : 0;
}

function weighted(a: v128, weightA: v128, b: v128, weightB: v128, c: v128, weightC: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(a, weightA), f32x4.mul(b, weightB)), f32x4.mul(c, weightC));
}

function fill(to: usize, count: usize, value: f32): void {
  for (let i: usize = 0; i < count; i++) store<f32>(to + (i << 2), value);
}
