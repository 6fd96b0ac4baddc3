// state of a training run → what a store keeps of it, and back

import * as v from 'valibot';
import type { PackedArrays } from '../core/packedArrays.ts';
import type { StoredKind } from './packedStore.ts';

/** Everything a run needs to resume as if it had never stopped; randomness needs nothing, since it follows from the position. */
export type TrainingState = v.InferOutput<typeof STATE>;

/** A {@link TrainingState} with its weights. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Hash of the weights that the network began with. */
  readonly initialWeights: string;
  /** Every weight of the network, batch-norm statistics included, then those of the auxiliary heads. */
  readonly weights: readonly Float32Array[];
  /** The optimiser's moments. */
  readonly moments: readonly Float32Array[];
  /** The exponential moving average of the weights; empty without one. */
  readonly averages: readonly Float32Array[];
  /** The weights of the best epoch; empty without validation. */
  readonly best: readonly Float32Array[];
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());

const RECORD = v.object({
  epoch: count,
  loss: finite,
  validation: v.optional(v.object({ uar: v.pipe(finite, v.minValue(0), v.maxValue(1)), loss: finite })),
});

/** Epochs of a run, each a {@link EpochRecord}, in their order. */
export const HISTORY = v.pipe(
  v.array(RECORD),
  v.check((records) => records.every(({ epoch }, i) => epoch === i + 1), 'epochs must be counted from 1'),
);

const STATE = v.object({
  /** Finished epochs. */
  epoch: count,
  /** Finished batches of the current epoch. */
  batch: count,
  /** Steps taken in all epochs. */
  step: count,
  /** Sum of the loss over the clips of the epoch so far. */
  lossSum: finite,
  /** One record for each finished epoch. */
  history: HISTORY,
  /** The epoch (from 1) with the best validation result so far; 0 while there is none. */
  bestEpoch: count,
  /** Whether early stopping ended the run. */
  stopped: v.boolean(),
});

const HEADER = v.object({
  state: v.pipe(
    STATE,
    v.check(({ epoch, history }) => history.length === epoch, 'history must be of the finished epochs'),
    v.check(({ epoch, bestEpoch }) => bestEpoch <= epoch, 'the best epoch must be one of the finished ones'),
  ),
  /** {@link Checkpoint.initialWeights}, under the name that it has in stored checkpoints. */
  firstWeights: v.string(),
  /** How many arrays there are of weights, moments, averages and best weights. */
  counts: v.strictTuple([count, count, count, count]),
});

/** What is stored of a checkpoint beside its arrays. */
export type CheckpointHeader = v.InferOutput<typeof HEADER>;

/** How checkpoints are stored. */
export const CHECKPOINT: StoredKind<CheckpointHeader> = {
  magic: 'SEMOCKP2',
  action: 'resume training',
  what: 'the checkpoint',
  other: 'is of a run with another network, other options or other data',
  schema: HEADER,
};

/** The state of a run that has not begun. */
export function firstState(): TrainingState {
  return { epoch: 0, batch: 0, step: 0, lossSum: 0, history: [], bestEpoch: 0, stopped: false };
}

/** A checkpoint as it is stored. */
export function packCheckpoint(checkpoint: Checkpoint): PackedArrays<CheckpointHeader> {
  const { state, initialWeights, weights, moments, averages, best } = checkpoint;
  const counts: CheckpointHeader['counts'] = [weights.length, moments.length, averages.length, best.length];
  return {
    header: { state, firstWeights: initialWeights, counts },
    arrays: [...weights, ...moments, ...averages, ...best],
  };
}

/** The checkpoint that was stored; undefined where the arrays are not as many as its header says. */
export function unpackCheckpoint({ header, arrays }: PackedArrays<CheckpointHeader>): Checkpoint | undefined {
  const { state, firstWeights: initialWeights, counts } = header;
  const ends = counts.map((_, i) => counts.slice(0, i + 1).reduce((sum, count) => sum + count, 0));
  if (ends.at(-1) !== arrays.length) return undefined;
  const [weights, moments, averages, best] = ends.map((end, i) => arrays.slice(end - counts[i]!, end));
  return { state, initialWeights, weights: weights!, moments: moments!, averages: averages!, best: best! };
}
