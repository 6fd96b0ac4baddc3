// a clip → over steady noise of a drawn level, the same in all bins

import type { Resolved } from '../../core/check.ts';
import { addDecibels } from './decibels.ts';
import { number, type Part, probability, resolveNumbers } from './part.ts';

/**
 * Noise that is added as power to features in decibels.
 *
 * White noise has the same expected power in each band of area-normalised mel filters, so it is modelled as one level for all
 * bins plus independent normal noise in decibels. The interference term 2·√(signal · noise), 0 on average, is left out.
 */
export interface NoiseOptions {
  /** Probability that a clip gets noise, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
  /** Lowest level, in the decibels of the features. @default -65 */
  readonly minDb?: number | undefined;
  /** Highest level, in the decibels of the features. @default -35 */
  readonly maxDb?: number | undefined;
  /** Standard deviation of the level between frames and bins, decibels. @default 1.5 */
  readonly stdDb?: number | undefined;
}

/** In the padding, too: noise does not end with the speech, and a noisy recording is hardly trimmed. */
export const noise: Part<NoiseOptions | false, Resolved<NoiseOptions> | false> = {
  fallback: false,
  needs: 'frequencies',
  resolve: (given, name) =>
    resolveNumbers(given as NoiseOptions, name, {
      probability: probability(0.5),
      minDb: number(-65, -300, 'maxDb'),
      maxDb: number(-35, -300, 100),
      stdDb: number(1.5, 0, 100),
    }),
  apply({ values, bins }, options, stream) {
    if (stream.next() >= options.probability) return;
    const level = stream.uniform(options.minDb, options.maxDb);
    // A table of normal draws, read from a random place at each frame: drawing 10⁵ of them a batch would cost as much as all else.
    const levels = Float32Array.from({ length: 1021 }, () => level + options.stdDb * stream.normal());
    for (let frame = 0; frame * bins < values.length; frame++) {
      let place = stream.integer(levels.length);
      for (let i = frame * bins; i < (frame + 1) * bins; i++) {
        values[i] = addDecibels(values[i] as number, levels[place] as number);
        if (++place === levels.length) place = 0;
      }
    }
  },
};
