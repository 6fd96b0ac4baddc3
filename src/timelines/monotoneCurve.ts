// points → a smooth curve through them that goes no further than they do

/**
 * A curve through points, in order from left to right: cubics between them, without overshoot.
 *
 * Fritsch and Carlson (1980), "Monotone piecewise cubic interpolation", with their harmonic mean of slopes for points that are not
 * evenly spaced, as Fritsch and Butland (1984) write it.
 */
export interface MonotoneCurve {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** The slope at each point. */
  readonly slopes: readonly number[];
}

/**
 * @param points [x, y], each further to the right than the one before; one at least
 * @param ends slopes at the first and at the last point, kept as steep as a curve without overshoot may be
 */
export function monotoneCurve(
  points: readonly (readonly [x: number, y: number])[],
  ends: readonly [first: number, last: number] = [0, 0],
): MonotoneCurve {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const rises = xs.slice(1).map((x, i) => (ys[i + 1]! - ys[i]!) / (x - xs[i]!));
  const slopes = xs.map((_, i) => {
    if (i === 0) return bounded(ends[0], rises[0] ?? 0);
    if (i === xs.length - 1) return bounded(ends[1], rises[i - 1]!);
    const [before, after] = [rises[i - 1]!, rises[i]!];
    if (before * after <= 0) return 0;
    const [left, right] = [xs[i]! - xs[i - 1]!, xs[i + 1]! - xs[i]!];
    return (3 * (left + right)) / ((left + 2 * right) / after + (2 * left + right) / before);
  });
  return { xs, ys, slopes };
}

/** The curve's height at x; to its left and right it stays as it is at its ends. */
export function heightAt({ xs, ys, slopes }: MonotoneCurve, x: number): number {
  if (x <= xs[0]!) return ys[0]!;
  if (x >= xs.at(-1)!) return ys.at(-1)!;
  let i = 0;
  while (xs[i + 1]! < x) i++;
  const width = xs[i + 1]! - xs[i]!;
  const t = (x - xs[i]!) / width;
  const s = 1 - t;
  const [from, to] = [ys[i]! + (width * slopes[i]!) / 3, ys[i + 1]! - (width * slopes[i + 1]!) / 3];
  return s * s * s * ys[i]! + 3 * s * s * t * from + 3 * s * t * t * to + t * t * t * ys[i + 1]!;
}

/** As steep as wanted, but no steeper than three times the straight line, and in its direction. */
function bounded(wanted: number, straight: number): number {
  if (wanted * straight <= 0) return 0;
  return Math.sign(straight) * Math.min(Math.abs(wanted), 3 * Math.abs(straight));
}
