// variants of a clip → the one that is drawn

import { checkBoolean, type Resolved } from '../../core/check.ts';
import type { RandomStream } from '../../core/random.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { ACTION, type Part, probability, resolveNumbers } from './part.ts';

/** Copies that `prepareExamples` has made of the waveform: of telephones, clipped, at a low rate. */
export interface CopiesOptions {
  /** Probability that one of the clip's copies stands in for it, in [0, 1]. @default 0.3 */
  readonly probability?: number | undefined;
}

/** A switch. */
export const speed: Part<boolean, boolean> = {
  fallback: true,
  resolve: (given, name) => checkBoolean(ACTION, name, given),
};

/** How often. */
export const copies: Part<CopiesOptions | false, Resolved<CopiesOptions> | false> = {
  fallback: false,
  resolve: (given, name) => resolveNumbers(given as CopiesOptions, name, { probability: probability(0.3) }),
};

/**
 * Draws one of the copies, or the clip at one of its speeds.
 *
 * @param variants of the clip: as it is, at the other speeds, then the copies
 * @param speeds how many of them are the clip at a speed
 * @param stream the randomness of this clip in this epoch
 */
export function drawVariant(
  variants: readonly FeatureMatrix[],
  speeds: number,
  options: { readonly speed: boolean; readonly copies: Resolved<CopiesOptions> | false },
  stream: RandomStream,
): FeatureMatrix {
  const made = variants.length - speeds;
  if (options.copies && made > 0) {
    const draws = stream.fork('copies');
    if (draws.next() < options.copies.probability) return variants[speeds + draws.integer(made)]!;
  }
  const atSpeeds = Math.min(speeds, variants.length);
  return variants[options.speed ? stream.fork('speed').integer(atSpeeds) : 0]!;
}
