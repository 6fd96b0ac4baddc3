// samples and rows of coefficients → samples at another rate
//
// An output sample is a sum of products of the input around its place with the row of its phase. The products of a row are summed in
// four lanes, taps 0, 4, 8, … in the first, and these in one order: so that a sample does not depend on which others are computed with it.

/** Sum of the lanes. */
function laneSum(sums: v128): f32 {
  return (
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3))
  );
}

/** One sum of products. */
function sum1(row: usize, end: usize, input: usize): f32 {
  let a = f32x4.splat(0);
  for (let tap = row; tap < end; tap += 16, input += 16) {
    a = f32x4.add(a, f32x4.mul(v128.load(tap), v128.load(input)));
  }
  return laneSum(a);
}

/** Eight sums with the same row, `step` bytes of input apart, to be stored `outStep` bytes apart: fetching costs as much as a product. */
function sum8(row: usize, end: usize, input: usize, step: usize, output: usize, outStep: usize): void {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  let other = input + 4 * step;
  const step2 = 2 * step;
  const step3 = 3 * step;
  for (let tap = row; tap < end; tap += 16, input += 16, other += 16) {
    const weights = v128.load(tap);
    a = f32x4.add(a, f32x4.mul(weights, v128.load(input)));
    b = f32x4.add(b, f32x4.mul(weights, v128.load(input + step)));
    c = f32x4.add(c, f32x4.mul(weights, v128.load(input + step2)));
    d = f32x4.add(d, f32x4.mul(weights, v128.load(input + step3)));
    e = f32x4.add(e, f32x4.mul(weights, v128.load(other)));
    f = f32x4.add(f, f32x4.mul(weights, v128.load(other + step)));
    g = f32x4.add(g, f32x4.mul(weights, v128.load(other + step2)));
    h = f32x4.add(h, f32x4.mul(weights, v128.load(other + step3)));
  }
  store<f32>(output, laneSum(a));
  store<f32>(output + outStep, laneSum(b));
  store<f32>(output + 2 * outStep, laneSum(c));
  store<f32>(output + 3 * outStep, laneSum(d));
  store<f32>(output + 4 * outStep, laneSum(e));
  store<f32>(output + 5 * outStep, laneSum(f));
  store<f32>(output + 6 * outStep, laneSum(g));
  store<f32>(output + 7 * outStep, laneSum(h));
}

/**
 * Output samples of which each has a phase whose row is at hand.
 *
 * @param input samples; the first is that of the first tap of the first output sample
 * @param output `count` samples, written
 * @param first the first output sample's number modulo `outStep`
 * @param inStep input samples that last as long as `outStep` output samples
 * @param rows [outStep, taps]
 * @param taps a multiple of 4
 */
export function byPhases(
  input: usize,
  output: usize,
  count: usize,
  first: usize,
  inStep: usize,
  outStep: usize,
  rows: usize,
  taps: usize,
): void {
  const bytes = taps << 2;
  const inBytes = inStep << 2;
  const outBytes = outStep << 2;
  const start = (first * inStep) / outStep;
  const phases = min(outStep, count);
  for (let k: usize = 0; k < phases; k++) {
    const row = rows + ((first + k) % outStep) * bytes;
    const end = row + bytes;
    let at = input + ((((first + k) * inStep) / outStep - start) << 2);
    let to = output + (k << 2);
    let left = (count - k + outStep - 1) / outStep; // output samples of this phase
    for (; left >= 8; left -= 8) {
      sum8(row, end, at, inBytes, to, outBytes);
      at += inBytes << 3;
      to += outBytes << 3;
    }
    for (; left > 0; left--) {
      store<f32>(to, sum1(row, end, at));
      at += inBytes;
      to += outBytes;
    }
  }
}

/**
 * Output samples of too many phases for a row each: the rows of the two that are next to it are interpolated.
 *
 * @param input samples; the first is that of the first tap of the first output sample
 * @param output `count` samples, written
 * @param first the first output sample's number modulo `outStep`
 * @param rows [phases + 1, taps]
 */
export function between(
  input: usize,
  output: usize,
  count: usize,
  first: usize,
  inStep: usize,
  outStep: usize,
  rows: usize,
  taps: usize,
  phases: usize,
): void {
  const bytes = taps << 2;
  const start = ((first as u64) * inStep) / outStep;
  for (let k: usize = 0; k < count; k++) {
    const position = ((first + k) as u64) * inStep;
    const place = position / outStep;
    const phase = (((position - place * outStep) as f64) * (phases as f64)) / (outStep as f64);
    const index = phase as usize;
    const part = (phase - (index as f64)) as f32;
    const row = rows + index * bytes;
    const at = input + (((place - start) as usize) << 2);
    const left = sum1(row, row + bytes, at);
    const right = sum1(row + bytes, row + 2 * bytes, at);
    store<f32>(output + (k << 2), left + part * (right - left));
  }
}
