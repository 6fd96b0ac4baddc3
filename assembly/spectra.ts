// two frames at once → their power spectra, or the power in bands of them
//
// Everything is in float64, one frame in each lane of a vector, so that no step has to know of vectors. Even samples are taken as
// the real and odd ones as the imaginary parts of a complex sequence z of half the length N, which is transformed in place by
// decimation in frequency, four at a time and at the end two where N is no power of four. Where Z[k] comes to lie then, a table
// says, and Z[k] and Z[N − k] make bins k and N − k of the spectrum.

/** Four-way butterflies over blocks of `size`. */
function radix4(data: usize, length: usize, size: usize, turns: usize): void {
  const quarter = size << 3; // bytes of a quarter of a block, 32 a value
  for (let block = data; block < data + (length << 5); block += size << 5) {
    let turn = turns;
    for (let at = block; at < block + quarter; at += 32, turn += 48) {
      const aRe = v128.load(at);
      const aIm = v128.load(at, 16);
      const bRe = v128.load(at + quarter);
      const bIm = v128.load(at + quarter, 16);
      const cRe = v128.load(at + 2 * quarter);
      const cIm = v128.load(at + 2 * quarter, 16);
      const dRe = v128.load(at + 3 * quarter);
      const dIm = v128.load(at + 3 * quarter, 16);
      const sumRe = f64x2.add(aRe, cRe);
      const sumIm = f64x2.add(aIm, cIm);
      const differenceRe = f64x2.sub(aRe, cRe);
      const differenceIm = f64x2.sub(aIm, cIm);
      const otherRe = f64x2.add(bRe, dRe);
      const otherIm = f64x2.add(bIm, dIm);
      const turnedRe = f64x2.sub(bIm, dIm); // −i (b − d)
      const turnedIm = f64x2.sub(dRe, bRe);
      v128.store(at, f64x2.add(sumRe, otherRe));
      v128.store(at, f64x2.add(sumIm, otherIm), 16);
      rotate(at + quarter, f64x2.add(differenceRe, turnedRe), f64x2.add(differenceIm, turnedIm), turn);
      rotate(at + 2 * quarter, f64x2.sub(sumRe, otherRe), f64x2.sub(sumIm, otherIm), turn + 16);
      rotate(at + 3 * quarter, f64x2.sub(differenceRe, turnedRe), f64x2.sub(differenceIm, turnedIm), turn + 32);
    }
  }
}

/** Stores a number times that at `turn`. */
function rotate(to: usize, re: v128, im: v128, turn: usize): void {
  const c = v128.load64_splat(turn);
  const s = v128.load64_splat(turn, 8);
  v128.store(to, f64x2.sub(f64x2.mul(re, c), f64x2.mul(im, s)));
  v128.store(to, f64x2.add(f64x2.mul(re, s), f64x2.mul(im, c)), 16);
}

function radix2(data: usize, length: usize): void {
  for (let at = data; at < data + (length << 5); at += 64) {
    const aRe = v128.load(at);
    const aIm = v128.load(at, 16);
    const bRe = v128.load(at, 32);
    const bIm = v128.load(at, 48);
    v128.store(at, f64x2.add(aRe, bRe));
    v128.store(at, f64x2.add(aIm, bIm), 16);
    v128.store(at, f64x2.sub(aRe, bRe), 32);
    v128.store(at, f64x2.sub(aIm, bIm), 48);
  }
}

/**
 * The power of each bin of two frames.
 *
 * @param data `2 · length` pairs of samples, one of each frame; overwritten
 * @param length N
 * @param turns for each four-way stage, largest first, for each j: exp(−2πij/size), its square and its cube
 * @param places for each k the byte offset of Z[k]
 * @param angles for each k to N / 2: cos(πk/N), sin(πk/N)
 * @param power `length + 1` pairs, written
 */
export function transformToPower(
  data: usize,
  length: usize,
  turns: usize,
  places: usize,
  angles: usize,
  power: usize,
): void {
  let size = length;
  for (; size >= 4; size >>= 2) {
    radix4(data, length, size, turns);
    turns += (size >> 2) * 48;
  }
  if (size === 2) radix2(data, length);

  const zRe = v128.load(data);
  const zIm = v128.load(data, 16);
  const first = f64x2.add(zRe, zIm);
  const last = f64x2.sub(zRe, zIm);
  v128.store(power, f64x2.mul(first, first));
  v128.store(power + (length << 4), f64x2.mul(last, last));
  const half = f64x2.splat(0.5);
  for (let k: usize = 1; k <= length >> 1; k++) {
    const p = data + load<u32>(places + (k << 2));
    const q = data + load<u32>(places + ((length - k) << 2));
    const pRe = v128.load(p);
    const pIm = v128.load(p, 16);
    const qRe = v128.load(q);
    const qIm = v128.load(q, 16);
    const evenRe = f64x2.mul(half, f64x2.add(pRe, qRe));
    const evenIm = f64x2.mul(half, f64x2.sub(pIm, qIm));
    const oddRe = f64x2.mul(half, f64x2.add(pIm, qIm));
    const oddIm = f64x2.mul(half, f64x2.sub(qRe, pRe));
    const c = v128.load64_splat(angles + (k << 4));
    const s = v128.load64_splat(angles + (k << 4), 8);
    const turnedRe = f64x2.add(f64x2.mul(oddRe, c), f64x2.mul(oddIm, s));
    const turnedIm = f64x2.sub(f64x2.mul(oddIm, c), f64x2.mul(oddRe, s));
    v128.store(power + (k << 4), square(f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm)));
    v128.store(power + ((length - k) << 4), square(f64x2.sub(evenRe, turnedRe), f64x2.sub(turnedIm, evenIm)));
  }
}

function square(re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im));
}

/**
 * Sums the bins of bands.
 *
 * @param bands for each band: first bin and number of bins
 * @param weights of the first band's bins, then of the second's, …
 * @param to a pair for each band, written
 */
export function sumBands(power: usize, bands: usize, count: usize, weights: usize, to: usize): void {
  for (let band: usize = 0; band < count; band++, bands += 8, to += 16) {
    let at = power + (load<u32>(bands) << 4);
    const end = at + (load<u32>(bands, 4) << 4);
    let sum = f64x2.splat(0);
    for (; at < end; at += 16, weights += 8) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(weights), v128.load(at)));
    }
    v128.store(to, sum);
  }
}

/**
 * Puts two frames into the middle of a transform's input, each sample times its weight, and zeros around them.
 *
 * @param first samples of a frame in float32
 * @param second those of the other
 * @param window the weights, in float64
 * @param length of the frames and the window
 * @param input pairs of samples, one of each frame
 * @param before how many pairs of zeros come first
 * @param after how many come last
 */
export function windowPair(
  first: usize,
  second: usize,
  window: usize,
  length: usize,
  input: usize,
  before: usize,
  after: usize,
): void {
  memory.fill(input, 0, before << 4);
  let to = input + (before << 4);
  for (let i: usize = 0; i < length; i++, to += 16) {
    const pair = v128.load_lane<f32>(second + (i << 2), v128.load32_zero(first + (i << 2)), 1);
    v128.store(to, f64x2.mul(f64x2.promote_low_f32x4(pair), v128.load64_splat(window + (i << 3))));
  }
  memory.fill(to, 0, after << 4);
}
