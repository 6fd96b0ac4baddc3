// counts of several speakers → the confidence interval of a figure of their sum

import type { Resolved } from '../core/check.ts';
import { RandomStream } from '../core/random.ts';
import type { BootstrapOptions, Interval } from './interval.ts';

/**
 * Percentile bootstrap: speakers are drawn with replacement within each stratum, as many as it has, and their counts are added.
 *
 * @param strata of the counts of each speaker, all of one length; none is empty
 * @param figure of summed counts
 * @throws {RangeError} when a figure is not a number
 */
export function countsBootstrap(
  action: string,
  strata: readonly (readonly ArrayLike<number>[])[],
  figure: (counts: Float64Array) => number,
  { resamples, level, seed }: Resolved<BootstrapOptions>,
): Interval {
  const stream = new RandomStream(seed, 'bootstrap');
  const sum = new Float64Array(strata[0]?.[0]?.length ?? 0);
  const figures = Float64Array.from({ length: resamples }, () => {
    sum.fill(0);
    for (const speakers of strata) {
      for (let draw = 0; draw < speakers.length; draw++) {
        const drawn = speakers[stream.integer(speakers.length)]!;
        for (let i = 0; i < sum.length; i++) sum[i]! += drawn[i]!;
      }
    }
    return figure(sum);
  });
  const odd = figures.find((one) => !Number.isFinite(one));
  if (odd !== undefined) throw new RangeError(`Cannot ${action}: figure must give numbers, got ${odd}`);
  figures.sort();
  return { low: quantile(figures, (1 - level) / 2), high: quantile(figures, (1 + level) / 2), level };
}

/** Of sorted values, interpolated linearly. */
function quantile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}
