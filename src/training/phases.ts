// options of a run → its phases: what it does first, and the run proper

import type { ResolvedTrainOptions } from './trainOptions.ts';

/** Epochs with the same options, and a schedule of their own. */
export interface Phase {
  /** Epochs of the run that come before it. */
  readonly before: number;
  /** Its options, of which `epochs` are its own. */
  readonly resolved: ResolvedTrainOptions;
}

/** The phases of a run, in order. */
export function phasesOf(resolved: ResolvedTrainOptions): readonly Phase[] {
  const { pretraining } = resolved;
  if (!pretraining) return [{ before: 0, resolved }];
  return [
    { before: 0, resolved: { ...resolved, ...pretraining } },
    { before: pretraining.epochs, resolved },
  ];
}

/** Epochs of the whole run. */
export function epochsOf({ epochs, pretraining }: ResolvedTrainOptions): number {
  return epochs + epochsBefore({ pretraining });
}

/** Epochs before the run proper, which nothing is chosen from. */
export function epochsBefore({ pretraining }: Pick<ResolvedTrainOptions, 'pretraining'>): number {
  return pretraining ? pretraining.epochs : 0;
}
