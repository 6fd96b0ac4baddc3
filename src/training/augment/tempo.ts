// features of a clip → slower or faster, at the same pitch

import type { Resolved } from '../../core/check.ts';
import { number, type Part, probability, resolveNumbers } from './part.ts';

/**
 * Another tempo at the same pitch: frames are interpolated in time, linearly in decibels.
 *
 * It imitates a person who speaks faster or slower, as a phase vocoder would stretch them. Exact for sounds that are steady over a
 * frame; onsets and pauses are stretched with all else.
 */
export interface TempoOptions {
  /** Probability that a clip changes, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
  /** Slowest: 0.8 makes a clip a quarter longer. The logarithm is drawn uniformly. @default 0.8 */
  readonly minFactor?: number | undefined;
  /** Fastest. @default 1.25 */
  readonly maxFactor?: number | undefined;
}

/** Draws a tempo. */
export const tempo: Part<TempoOptions | false, Resolved<TempoOptions> | false> = {
  fallback: false,
  resolve: (given, name) =>
    resolveNumbers(given as TempoOptions, name, {
      probability: probability(0.5),
      minFactor: number(0.8, 0.25, 'maxFactor'),
      maxFactor: number(1.25, 0.25, 4),
    }),
  reshape(clip, options, stream) {
    if (stream.next() >= options.probability) return clip;
    const { values, bins } = clip;
    const factor = Math.exp(stream.uniform(Math.log(options.minFactor), Math.log(options.maxFactor)));
    const frames = Math.max(1, Math.round(clip.frames / factor));
    const stretched = new Float32Array(frames * bins);
    for (let frame = 0; frame < frames; frame++) {
      const place = Math.min(frame * factor, clip.frames - 1);
      const before = Math.floor(place);
      const share = place - before;
      const a = before * bins;
      const b = Math.min(before + 1, clip.frames - 1) * bins;
      const to = frame * bins;
      for (let bin = 0; bin < bins; bin++) {
        const value = values[a + bin] as number;
        stretched[to + bin] = value + share * ((values[b + bin] as number) - value);
      }
    }
    return { values: stretched, frames, bins };
  },
};
