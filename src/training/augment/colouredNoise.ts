// a clip → over steady noise of a drawn colour

import type { Resolved } from '../../core/check.ts';
import { addSteadyNoise } from './noiseAndFilter.ts';
import { number, type Part, probability, resolveNumbers } from './part.ts';
import { meanPower, ratioOf, totalOf } from './power.ts';

/**
 * Steady noise whose power density falls or rises by so many decibels an octave: white 0, pink −3, brown −6.
 *
 * It imitates rooms, streets and amplifiers. In each bin the expected power is that of such noise, whatever the width of the bands:
 * exact in expectation for slopes that are gentle within a band. The ratio is that of the mean power over the clip to that of the
 * noise, as the features measure power; noise goes on through the padding.
 */
export interface ColouredNoiseOptions {
  /** Probability that a clip gets noise, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
  /** Lowest slope, in decibels an octave. @default -9 */
  readonly minSlopeDb?: number | undefined;
  /** Highest slope, in decibels an octave. @default 3 */
  readonly maxSlopeDb?: number | undefined;
  /** Lowest ratio of the clip to the noise, in decibels. @default 5 */
  readonly minSnrDb?: number | undefined;
  /** Highest, in decibels. @default 40 */
  readonly maxSnrDb?: number | undefined;
}

/** Draws a ratio and a colour. */
export const colouredNoise: Part<ColouredNoiseOptions | false, Resolved<ColouredNoiseOptions> | false> = {
  fallback: false,
  needs: 'hertz',
  resolve: (given, name) =>
    resolveNumbers(given as ColouredNoiseOptions, name, {
      probability: probability(0.5),
      minSlopeDb: number(-9, -100, 'maxSlopeDb'),
      maxSlopeDb: number(3, -100, 100),
      minSnrDb: number(5, -100, 'maxSnrDb'),
      maxSnrDb: number(40, -100, 200),
    }),
  applyToPowers({ values, bins, from, to }, options, stream, { hz, white }) {
    const snr = stream.uniform(options.minSnrDb, options.maxSnrDb);
    const slope = stream.uniform(options.minSlopeDb, options.maxSlopeDb);
    // Below 20 Hz, where there is no sound, it goes on as at 20 Hz.
    const coloured = white.map((power, bin) => power * ratioOf(slope * Math.log2(Math.max(20, hz[bin]!) / 1000)));
    const gain = meanPower(values, bins, from, to) / ratioOf(snr) / totalOf(coloured);
    addSteadyNoise(
      values,
      coloured.map((power) => gain * power),
      stream,
    );
  },
};
