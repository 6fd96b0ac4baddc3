// a stretch in seconds → the same in pixels, with its certainty as smooth curves

import { type MonotoneCurve, monotoneCurve } from './monotoneCurve.ts';
import type { Stretch } from './ribbonStretches.ts';

/** A stretch and where it lies. */
export interface PlacedStretch extends Stretch {
  /** Where it begins and ends, in pixels. */
  readonly x0: number;
  readonly x1: number;
  /** Probabilities of the two labels by x. */
  readonly certainty: MonotoneCurve;
  readonly other: MonotoneCurve;
}

/**
 * @param x of a second; what lies outside of the picture is before 0 or beyond the width
 */
export function placed(stretch: Stretch, x: (second: number) => number, width: number): PlacedStretch {
  const within = (second: number) => Math.min(width, Math.max(0, x(second)));
  const curve = (label = '') => {
    const points: (readonly [number, number])[] = [];
    for (const point of stretch.points) {
      const [at, last] = [x(point.at), points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY];
      if (at - last >= 1) points.push([at, point.scores.get(label) ?? 0]);
    }
    return monotoneCurve(points.length > 0 ? points : [[0, 0]]);
  };
  return {
    ...stretch,
    ...{ x0: within(stretch.start), x1: within(stretch.end) },
    ...{ certainty: curve(stretch.label), other: curve(stretch.second) },
  };
}
