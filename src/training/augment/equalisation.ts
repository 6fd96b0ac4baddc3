// a clip → through another microphone

import type { Resolved } from '../../core/check.ts';
import { multiplyBins } from './noiseAndFilter.ts';
import { integer, number, type Part, probability, resolveNumbers } from './part.ts';
import { ratioOf } from './power.ts';

/**
 * A random smooth filter: a curve over the bins, of a few cosines.
 *
 * It imitates microphones, distances to them and what sound recordists do. Exact for filters that hardly change within a band and
 * whose response is short against a frame, as these are.
 */
export interface EqualisationOptions {
  /** Probability that a clip is filtered, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
  /** The most that the curve may go up or down, in decibels: its peak is drawn from 0 to this. @default 10 */
  readonly maxDb?: number | undefined;
  /** How many cosines: the first is half a turn over all bins, a tilt; each after it half a turn more. @default 4 */
  readonly terms?: number | undefined;
}

/** Draws a curve, whose mean over the bins is 0, then its height. */
export const equalisation: Part<EqualisationOptions | false, Resolved<EqualisationOptions> | false> = {
  fallback: false,
  needs: 'frequencies',
  resolve: (given, name) =>
    resolveNumbers(given as EqualisationOptions, name, {
      probability: probability(0.5),
      maxDb: number(10, 0, 100),
      terms: integer(4, 1, 100),
    }),
  applyToPowers({ values, bins }, { maxDb, terms }, stream) {
    const height = stream.uniform(0, maxDb);
    const curve = new Float64Array(bins);
    for (let term = 1; term <= terms; term++) {
      const amplitude = stream.normal();
      for (let bin = 0; bin < bins; bin++) {
        curve[bin]! += amplitude * Math.cos((Math.PI * term * (bin + 0.5)) / bins);
      }
    }
    const peak = curve.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (peak === 0) return; // one bin alone: no curve
    multiplyBins(
      values,
      curve.map((value) => ratioOf((value * height) / peak)),
    );
  },
};
