// a clip → with frames or bins masked (SpecAugment)

import type { Resolved } from '../../core/check.ts';
import { integer, type Part, resolveNumbers } from './part.ts';

/** @see Park et al. 2019, "SpecAugment", https://arxiv.org/abs/1904.08779 (time masking) */
export interface TimeMaskOptions {
  /** How many masks; they may overlap. @default 1 */
  readonly count?: number | undefined;
  /** Longest mask, in frames. @default 12 */
  readonly maxFrames?: number | undefined;
}

/** @see Park et al. 2019, "SpecAugment", https://arxiv.org/abs/1904.08779 (frequency masking) */
export interface FrequencyMaskOptions {
  /** How many masks; they may overlap. @default 1 */
  readonly count?: number | undefined;
  /** Widest mask, in bins. @default 8 */
  readonly maxBins?: number | undefined;
}

/** Masks whole frames of the clip. */
export const timeMasks: Part<TimeMaskOptions | false, Resolved<TimeMaskOptions> | false> = {
  fallback: {},
  resolve: (given, name) =>
    resolveNumbers(given as TimeMaskOptions, name, { count: integer(1, 0, 100), maxFrames: integer(12, 0, 1e6) }),
  apply({ values, bins, from, to }, options, stream, { fill }) {
    for (let mask = 0; mask < options.count; mask++) {
      const width = stream.integer(Math.min(options.maxFrames, to - from) + 1);
      const start = from + stream.integer(to - from - width + 1);
      for (let frame = start; frame < start + width; frame++) values.set(fill, frame * bins);
    }
  },
};

/** Masks bins over the whole clip. */
export const frequencyMasks: Part<FrequencyMaskOptions | false, Resolved<FrequencyMaskOptions> | false> = {
  fallback: {},
  needs: 'frequencies',
  resolve: (given, name) =>
    resolveNumbers(given as FrequencyMaskOptions, name, { count: integer(1, 0, 100), maxBins: integer(8, 0, 1e6) }),
  apply({ values, bins, from, to }, options, stream, { fill }) {
    for (let mask = 0; mask < options.count; mask++) {
      const width = stream.integer(Math.min(options.maxBins, bins) + 1);
      const start = stream.integer(bins - width + 1);
      const band = fill.subarray(start, start + width);
      for (let frame = from; frame < to; frame++) values.set(band, frame * bins + start);
    }
  },
};
