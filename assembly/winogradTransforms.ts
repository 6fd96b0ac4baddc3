// Winograd's transforms of filters, inputs, results and gradients; see winograd.ts for what they are for

import { loadSome, storeSome } from './vectors';

/** Tiles that go through the 16 products at a time: their transforms stay in the second-level cache. */
export const TILES: usize = 48;

/**
 * G g Gᵀ of every filter, [16, rows, columns] of [9, rows, columns].
 *
 * @param flipped whether the filters are read from their end
 */
export function transformFilters(filter: usize, rows: usize, columns: usize, flipped: bool, to: usize): void {
  const plane = (rows * columns) << 2;
  const start = flipped ? filter + 8 * plane : filter;
  const step: usize = flipped ? -plane : plane;
  for (let i: usize = 0; i < rows * columns; i += 4) {
    const count = rows * columns - i;
    const from = start + (i << 2);
    const at = to + (i << 2);
    for (let j: usize = 0; j < 3; j++) {
      // Columns first, into the planes of the first three columns; then each row of four in place.
      const g0 = loadSome(from + j * step, count);
      const g1 = loadSome(from + (3 + j) * step, count);
      const g2 = loadSome(from + (6 + j) * step, count);
      storeSome(at + j * plane, g0, count);
      storeSome(at + (4 + j) * plane, halfSum(g0, g1, g2), count);
      storeSome(at + (8 + j) * plane, halfDifference(g0, g1, g2), count);
      storeSome(at + (12 + j) * plane, g2, count);
    }
    for (let row: usize = 0; row < 4; row++) {
      const line = at + 4 * row * plane;
      const g0 = loadSome(line, count);
      const g1 = loadSome(line + plane, count);
      const g2 = loadSome(line + 2 * plane, count);
      storeSome(line + plane, halfSum(g0, g1, g2), count);
      storeSome(line + 2 * plane, halfDifference(g0, g1, g2), count);
      storeSome(line + 3 * plane, g2, count);
    }
  }
}

function halfSum(g0: v128, g1: v128, g2: v128): v128 {
  return f32x4.mul(f32x4.add(f32x4.add(g0, g2), g1), f32x4.splat(0.5));
}

function halfDifference(g0: v128, g1: v128, g2: v128): v128 {
  return f32x4.mul(f32x4.sub(f32x4.add(g0, g2), g1), f32x4.splat(0.5));
}

/** Bᵀ d B of a block of tiles: [16, TILES, deep]. */
export function transformInputs(
  images: usize,
  first: usize,
  block: usize,
  tilesY: usize,
  tilesX: usize,
  channels: usize,
  deep: usize,
  to: usize,
): void {
  const tiles = tilesY * tilesX;
  const pixel = channels << 2;
  const line = (tilesX * 2 + 2) * pixel;
  const plane = (TILES * deep) << 2;
  for (let tile = first; tile < first + block; tile++) {
    const ty = (tile % tiles) / tilesX;
    const tx = tile % tilesX;
    const corner = images + ((tile / tiles) * (2 * tilesY + 2) + 2 * ty) * line + 2 * tx * pixel;
    for (let c: usize = 0; c < deep; c += 4, to += 16) {
      const count = channels - c;
      let from = corner + (c << 2);
      const d00 = loadSome(from, count);
      const d01 = loadSome(from + pixel, count);
      const d02 = loadSome(from + 2 * pixel, count);
      const d03 = loadSome(from + 3 * pixel, count);
      from += line;
      const d10 = loadSome(from, count);
      const d11 = loadSome(from + pixel, count);
      const d12 = loadSome(from + 2 * pixel, count);
      const d13 = loadSome(from + 3 * pixel, count);
      from += line;
      const d20 = loadSome(from, count);
      const d21 = loadSome(from + pixel, count);
      const d22 = loadSome(from + 2 * pixel, count);
      const d23 = loadSome(from + 3 * pixel, count);
      from += line;
      const d30 = loadSome(from, count);
      const d31 = loadSome(from + pixel, count);
      const d32 = loadSome(from + 2 * pixel, count);
      const d33 = loadSome(from + 3 * pixel, count);
      storeInputs(to, plane, f32x4.sub(d00, d20), f32x4.sub(d01, d21), f32x4.sub(d02, d22), f32x4.sub(d03, d23));
      let at = to + 4 * plane;
      storeInputs(at, plane, f32x4.add(d10, d20), f32x4.add(d11, d21), f32x4.add(d12, d22), f32x4.add(d13, d23));
      at += 4 * plane;
      storeInputs(at, plane, f32x4.sub(d20, d10), f32x4.sub(d21, d11), f32x4.sub(d22, d12), f32x4.sub(d23, d13));
      at += 4 * plane;
      storeInputs(at, plane, f32x4.sub(d10, d30), f32x4.sub(d11, d31), f32x4.sub(d12, d32), f32x4.sub(d13, d33));
    }
  }
}

/** A row of four times B. */
function storeInputs(to: usize, plane: usize, t0: v128, t1: v128, t2: v128, t3: v128): void {
  v128.store(to, f32x4.sub(t0, t2));
  v128.store(to + plane, f32x4.add(t1, t2));
  v128.store(to + 2 * plane, f32x4.sub(t2, t1));
  v128.store(to + 3 * plane, f32x4.sub(t1, t3));
}

/** Aᵀ m A of one tile: up to 2 × 2 pixels of the result, lines `line` bytes apart. */
export function transformProducts(
  from: usize,
  wide: usize,
  channels: usize,
  to: usize,
  line: usize,
  rows: usize,
  columns: usize,
): void {
  const plane = (TILES * wide) << 2;
  const pixel = channels << 2;
  for (let c: usize = 0; c < channels; c += 4, from += 16, to += 16) {
    const count = channels - c;
    const a0 = sumOfFirst(from, 4 * plane);
    const b0 = sumOfLast(from, 4 * plane);
    const a1 = sumOfFirst(from + plane, 4 * plane);
    const b1 = sumOfLast(from + plane, 4 * plane);
    const a2 = sumOfFirst(from + 2 * plane, 4 * plane);
    const b2 = sumOfLast(from + 2 * plane, 4 * plane);
    const a3 = sumOfFirst(from + 3 * plane, 4 * plane);
    const b3 = sumOfLast(from + 3 * plane, 4 * plane);
    storeSome(to, f32x4.add(a0, f32x4.add(a1, a2)), count);
    if (columns > 1) storeSome(to + pixel, f32x4.sub(f32x4.sub(a1, a2), a3), count);
    if (rows < 2) continue;
    storeSome(to + line, f32x4.add(b0, f32x4.add(b1, b2)), count);
    if (columns > 1) storeSome(to + line + pixel, f32x4.sub(f32x4.sub(b1, b2), b3), count);
  }
}

/** The first row of Aᵀ: m₀ + m₁ + m₂. */
function sumOfFirst(from: usize, step: usize): v128 {
  return f32x4.add(v128.load(from), f32x4.add(v128.load(from + step), v128.load(from + 2 * step)));
}

/** The second row of Aᵀ: m₁ − m₂ − m₃. */
function sumOfLast(from: usize, step: usize): v128 {
  return f32x4.sub(f32x4.sub(v128.load(from + step), v128.load(from + 2 * step)), v128.load(from + 3 * step));
}

/** A dy Aᵀ of one tile: 16 rows of `wide` values, 0 beyond the image and beyond its channels. */
export function transformGradients(
  dy: usize,
  line: usize,
  rows: usize,
  columns: usize,
  channels: usize,
  wide: usize,
  to: usize,
): void {
  const plane = (TILES * wide) << 2;
  const pixel = channels << 2;
  const zero = f32x4.splat(0);
  for (let c: usize = 0; c < wide; c += 4, dy += 16, to += 16) {
    let d00 = zero;
    let d01 = zero;
    let d10 = zero;
    let d11 = zero;
    if (c < channels) {
      const count = channels - c;
      d00 = loadSome(dy, count);
      if (columns > 1) d01 = loadSome(dy + pixel, count);
      if (rows > 1) d10 = loadSome(dy + line, count);
      if (rows > 1 && columns > 1) d11 = loadSome(dy + line + pixel, count);
    }
    storeGradients(to, plane, d00, d01);
    storeGradients(to + 4 * plane, plane, f32x4.add(d00, d10), f32x4.add(d01, d11));
    storeGradients(to + 8 * plane, plane, f32x4.sub(d00, d10), f32x4.sub(d01, d11));
    storeGradients(to + 12 * plane, plane, f32x4.neg(d10), f32x4.neg(d11));
  }
}

/** A row of two times Aᵀ. */
function storeGradients(to: usize, plane: usize, left: v128, right: v128): void {
  v128.store(to, left);
  v128.store(to + plane, f32x4.add(left, right));
  v128.store(to + 2 * plane, f32x4.sub(left, right));
  v128.store(to + 3 * plane, f32x4.neg(right));
}

/** Gᵀ s G of every filter: [3, 3, channels, outChannels]. */
export function transformSums(
  sums: usize,
  deep: usize,
  wide: usize,
  channels: usize,
  outChannels: usize,
  to: usize,
): void {
  const plane = (deep * wide) << 2;
  const tap = (channels * outChannels) << 2;
  for (let c: usize = 0; c < channels; c++) {
    for (let o: usize = 0; o < outChannels; o += 4) {
      const count = outChannels - o;
      const from = sums + ((c * wide + o) << 2);
      const at = to + ((c * outChannels + o) << 2);
      for (let row: usize = 0; row < 3; row++) {
        const t0 = filterSum(from, 4 * plane, row);
        const t1 = filterSum(from + plane, 4 * plane, row);
        const t2 = filterSum(from + 2 * plane, 4 * plane, row);
        const t3 = filterSum(from + 3 * plane, 4 * plane, row);
        const half = f32x4.splat(0.5);
        const sum = f32x4.mul(f32x4.add(t1, t2), half);
        storeSome(at + 3 * row * tap, f32x4.add(t0, sum), count);
        storeSome(at + (3 * row + 1) * tap, f32x4.mul(f32x4.sub(t1, t2), half), count);
        storeSome(at + (3 * row + 2) * tap, f32x4.add(sum, t3), count);
      }
    }
  }
}

/** A row of Gᵀ. */
function filterSum(from: usize, step: usize, row: usize): v128 {
  const half = f32x4.splat(0.5);
  const s1 = v128.load(from + step);
  const s2 = v128.load(from + 2 * step);
  if (row === 1) return f32x4.mul(f32x4.sub(s1, s2), half);
  const edge = v128.load(row === 0 ? from : from + 3 * step);
  return f32x4.add(edge, f32x4.mul(f32x4.add(s1, s2), half));
}
