// sums over the rows of a batch, or of this thread's part of it → mean, variance and gradients a channel: what the loops over the
// activations of `simd` and `host` have in common

import type { AddUp } from '../../core/threadTeam.ts';

/** Sums over the rows. */
interface RowSums {
  /** How many rows. */
  readonly rows: number;
  /** What the values were taken about, [channels]. */
  readonly origin: ArrayLike<number>;
  /** Of the values about the origin, [channels]. */
  readonly sums: Float64Array;
  /** Of their squares, [channels]. */
  readonly squares: Float64Array;
}

/** Mean and (biased) variance of each channel, of the whole batch. */
interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * The moments of a batch.
 *
 * @param addUp adds those of the other parts, where there are some
 * @see Chan, Golub and LeVeque, Algorithms for Computing the Sample Variance (1983), for putting the parts together
 */
export function momentsOf({ rows, origin, sums, squares }: RowSums, addUp: AddUp | undefined): Moments {
  const offsets = sums.map((sum) => sum / rows);
  const mean = offsets.map((offset, c) => origin[c]! + offset);
  const variance = squares.map((square, c) => Math.max(0, square / rows - offsets[c]! * offsets[c]!));
  if (!addUp) return { mean, variance };
  const [all, ...totals] = addUp(Float64Array.of(rows, ...mean.map((value) => rows * value)));
  const whole = Float64Array.from(totals, (total) => total / all!);
  const spread = addUp(variance.map((own, c) => rows * (own + (mean[c]! - whole[c]!) ** 2)));
  return { mean: whole, variance: spread.map((total) => total / all!) };
}

/** Sums over the rows for the gradients. */
interface GradientSums {
  /** How many rows. */
  readonly rows: number;
  /** Of dy, [channels]. */
  readonly sums: Float64Array;
  /** Of dy · (x − mean), [channels]. */
  readonly products: Float64Array;
  readonly gamma: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/** Of each channel; dx = scale · dy + slope · (x − mean) + constant. */
interface Slopes {
  readonly scale: Float64Array;
  readonly slope: Float64Array;
  readonly constant: Float64Array;
  /** This part's share of the gradient by γ: those of all parts add up to it. */
  readonly dGamma: Float64Array;
  /** This part's share of the gradient by β. */
  readonly dBeta: Float64Array;
}

/**
 * dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)), the means being of the whole batch.
 *
 * @param addUp adds the sums of the other parts, where there are some
 */
export function slopesOf(
  { rows, sums, products, gamma, variance }: GradientSums,
  epsilon: number,
  addUp: AddUp | undefined,
): Slopes {
  const channels = sums.length;
  const own = Float64Array.of(rows, ...sums, ...products);
  const total = addUp ? addUp(own.slice()) : own;
  const all = total[0]!;
  const inverse = sums.map((_, c) => 1 / Math.sqrt(variance[c]! + epsilon));
  const scale = inverse.map((value, c) => gamma[c]! * value);
  return {
    scale,
    slope: scale.map((value, c) => (-value * inverse[c]! * inverse[c]! * total[1 + channels + c]!) / all),
    constant: scale.map((value, c) => (-value * total[1 + c]!) / all),
    dGamma: products.map((product, c) => product * inverse[c]!),
    dBeta: sums,
  };
}
