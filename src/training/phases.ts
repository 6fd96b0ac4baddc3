// options of a run → its phases: what it does first, and the run proper

import { Batches } from './batches.ts';
import type { ResolvedTrainOptions } from './trainOptions.ts';

/** Epochs with the same options, and a schedule of their own. */
interface Phase {
  /** Epochs of the run that come before it. */
  readonly before: number;
  /** Its options, of which `epochs` are its own. */
  readonly resolved: ResolvedTrainOptions;
}

/** A phase with its batches. */
export interface PreparedPhase extends Phase {
  /** As many an epoch in each phase. */
  readonly batches: Batches;
}

/** The phases of a run, in order, by what its {@link Batches} are made of. */
export function preparePhases(
  ...[data, resolved, ...others]: ConstructorParameters<typeof Batches>
): readonly PreparedPhase[] {
  return phasesOf(resolved).map((phase) => ({ ...phase, batches: new Batches(data, phase.resolved, ...others) }));
}

/** The phase that an epoch, counted from 0, belongs to. */
export function phaseAt(phases: readonly PreparedPhase[], epoch: number): PreparedPhase {
  return phases.findLast(({ before }) => before <= epoch)!;
}

/** The phases of a run, in order. */
function phasesOf(resolved: ResolvedTrainOptions): readonly Phase[] {
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
