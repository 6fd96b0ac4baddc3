// features of a clip → a part of it

import type { Resolved } from '../../core/check.ts';
import { number, type Part, probability, resolveNumbers } from './part.ts';

/**
 * A random part of a clip: the rest of the window is silence, or whatever else augmentation puts there.
 *
 * It imitates a word or two cut out of a recording, as short recordings and live windows are. Exact, but for the frames at its
 * ends, which hold a little of what was cut off.
 */
export interface CropOptions {
  /** Probability that a clip is cut, in [0, 1]. @default 0.3 */
  readonly probability?: number | undefined;
  /** Shortest, in seconds; the length is drawn uniformly from there to all of the clip. @default 0.8 */
  readonly minSeconds?: number | undefined;
}

/** Draws a length, then a place. */
export const crop: Part<CropOptions | false, Resolved<CropOptions> | false> = {
  fallback: false,
  resolve: (given, name) =>
    resolveNumbers(given as CropOptions, name, { probability: probability(0.3), minSeconds: number(0.8, 0.01, 1000) }),
  reshape(clip, options, stream, { framesPerSecond }) {
    if (stream.next() >= options.probability) return clip;
    const { bins } = clip;
    const least = Math.min(clip.frames, Math.ceil(options.minSeconds * framesPerSecond));
    const frames = least + stream.integer(clip.frames - least + 1);
    const start = stream.integer(clip.frames - frames + 1) * bins;
    return { values: clip.values.subarray(start, start + frames * bins), frames, bins };
  },
};
