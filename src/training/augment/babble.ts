// a clip → among other voices

import type { Resolved } from '../../core/check.ts';
import { integer, number, type Part, probability, resolveNumbers } from './part.ts';
import { meanPower, powerOf, ratioOf } from './power.ts';

/**
 * Other voices in the background: clips that are trained on, several at a time, over and over through the whole window.
 *
 * Their powers are added: exact in expectation, since the interference 2·√(signal · noise) is 0 on average. The ratio is that of the
 * mean power over the clip to that of all voices over the window, as the features measure power.
 */
export interface BabbleOptions {
  /** Probability that a clip gets babble, in [0, 1]. @default 0.3 */
  readonly probability?: number | undefined;
  /** Fewest voices. @default 3 */
  readonly minVoices?: number | undefined;
  /** Most voices. @default 8 */
  readonly maxVoices?: number | undefined;
  /** Lowest ratio of the clip to all voices, in decibels. @default 5 */
  readonly minSnrDb?: number | undefined;
  /** Highest, in decibels. @default 30 */
  readonly maxSnrDb?: number | undefined;
}

/** Draws voices, where each begins, and the ratio. */
export const babble: Part<BabbleOptions | false, Resolved<BabbleOptions> | false> = {
  fallback: false,
  needs: 'frequencies',
  resolve: (given, name) =>
    resolveNumbers(given as BabbleOptions, name, {
      probability: probability(0.3),
      minVoices: integer(3, 1, 'maxVoices'),
      maxVoices: integer(8, 1, 100),
      minSnrDb: number(5, -100, 'maxSnrDb'),
      maxSnrDb: number(30, -100, 200),
    }),
  applyToPowers({ values, bins, from, to }, options, stream, { voices, silence }) {
    const snr = stream.uniform(options.minSnrDb, options.maxSnrDb);
    const count = options.minVoices + stream.integer(options.maxVoices - options.minVoices + 1);
    const sum = new Float32Array(values.length);
    for (let voice = 0; voice < count; voice++) {
      const { values: spoken } = voices[stream.integer(voices.length)]!.variants[0]!;
      let place = stream.integer(spoken.length / bins) * bins;
      for (let row = 0; row < sum.length; row += bins) {
        for (let bin = 0; bin < bins; bin++) {
          const level = spoken[place + bin] as number;
          if (level > (silence[bin] as number)) sum[row + bin]! += powerOf(level);
        }
        place = place + bins === spoken.length ? 0 : place + bins;
      }
    }
    const whole = meanPower(sum, bins, 0, sum.length / bins);
    if (whole === 0) return; // silent clips
    const gain = meanPower(values, bins, from, to) / ratioOf(snr) / whole;
    for (let i = 0; i < values.length; i++) values[i]! += gain * (sum[i] as number);
  },
};
