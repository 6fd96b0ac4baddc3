// four floats at a time: partial loads and stores, exponentials

/** Up to four floats; lanes beyond `count` are 0. */
export function loadSome(from: usize, count: usize): v128 {
  if (count >= 4) return v128.load(from);
  if (count === 1) return v128.load_zero<f32>(from);
  const two = v128.load_zero<f64>(from);
  return count === 2 ? two : v128.load_lane<f32>(from, two, 2, 8);
}

/** Stores the first `count` lanes, four at most. */
export function storeSome(to: usize, value: v128, count: usize): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  if (count === 1) {
    v128.store_lane<f32>(to, value, 0);
    return;
  }
  v128.store_lane<f64>(to, value, 0);
  if (count === 3) v128.store_lane<f32>(to, value, 2, 8);
}

/**
 * eˣ, within 2 units in the last place; NaN stays NaN.
 *
 * @see Cephes, expf.c
 */
export function exp(x: v128): v128 {
  const clamped = f32x4.min(f32x4.max(x, f32x4.splat(-87.3)), f32x4.splat(88.3));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(f32(Math.LOG2E))));
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  const e = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(e, power);
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/**
 * Hyperbolic tangent; a polynomial near 0, where the difference of exponentials would cancel.
 *
 * @see Cephes, tanhf.c
 */
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const e = exp(f32x4.add(magnitude, magnitude));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(magnitude, f32x4.splat(0.625)));
}
