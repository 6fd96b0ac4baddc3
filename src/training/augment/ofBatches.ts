// the options that `Batches` acts upon itself → checked: place in the window, what masks are filled with, mixup

import { checkBoolean, checkOneOf, type Resolved } from '../../core/check.ts';
import { ACTION, number, type Part, probability, resolveNumbers } from './part.ts';

/** @see Zhang et al. 2018, "mixup", https://arxiv.org/abs/1710.09412 */
export interface MixupOptions {
  /** The share of one clip is drawn from Beta(alpha, alpha), alpha in [0.01, 1]. @default 0.2 */
  readonly alpha?: number | undefined;
  /** Probability that a clip is blended, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
}

/** A switch. */
export const placement: Part<boolean, boolean> = {
  fallback: true,
  resolve: (given, name) => checkBoolean(ACTION, name, given),
};

/** One of two. */
export const maskFill: Part<'mean' | 'silence', 'mean' | 'silence'> = {
  fallback: 'mean',
  off: 'mean',
  resolve: (given, name) => checkOneOf(ACTION, name, given, ['mean', 'silence']),
};

/** Pairs of clips of a batch. */
export const mixup: Part<MixupOptions | false, Resolved<MixupOptions> | false> = {
  fallback: false,
  resolve: (given, name) =>
    resolveNumbers(given as MixupOptions, name, { alpha: number(0.2, 0.01, 1), probability: probability(0.5) }),
};
