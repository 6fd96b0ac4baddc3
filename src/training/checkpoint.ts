// state of a training run → bytes, and back

import { TrainingError } from '../core/errors.ts';
import { packArrays, unpackArrays } from '../core/packedArrays.ts';
import type { EpochRecord } from './trainReport.ts';

/** Where a checkpoint lies: a file, an IndexedDB record, a variable. */
export interface CheckpointStore {
  /** The bytes that were saved last, undefined where there are none. */
  load(): Promise<Uint8Array | undefined>;
  /** Keeps the bytes in place of those before. It should not lose the old ones when it fails half way. */
  save(bytes: Uint8Array): Promise<void>;
}

/** Everything a run needs to go on as if it had never stopped; randomness needs nothing, it follows from the position. */
export interface TrainingState {
  /** Of options, network and data: a checkpoint of another run is refused. */
  readonly fingerprint: string;
  /** Epochs that are over. */
  epoch: number;
  /** Batches of the epoch after those that are over. */
  batch: number;
  /** Steps taken, of all epochs. */
  step: number;
  /** Sum of the loss over the clips of the epoch so far. */
  lossSum: number;
  /** The epochs that are over. */
  history: EpochRecord[];
  /** The epoch (from 1) with the best validation result so far; 0 while there is none. */
  bestEpoch: number;
  /** Whether early stopping ended the run. */
  stopped: boolean;
}

/** The state of a run that has not begun. */
export function firstState(fingerprint: string): TrainingState {
  return { fingerprint, epoch: 0, batch: 0, step: 0, lossSum: 0, history: [], bestEpoch: 0, stopped: false };
}

/** A {@link TrainingState} with the numbers that belong to it. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Every weight of the network, batch-norm statistics included. */
  readonly weights: Float32Array[];
  /** The optimiser's moments. */
  readonly moments: Float32Array[];
  /** The moving average of the weights; empty without averaging. */
  readonly averages: Float32Array[];
  /** The weights of the best epoch; empty without validation. */
  readonly best: Float32Array[];
}

const MAGIC = 'SEMOCKP1';
const PARTS = ['weights', 'moments', 'averages', 'best'] as const;

/** A checkpoint as bytes. */
export function checkpointToBytes(checkpoint: Checkpoint): Uint8Array {
  const counts = PARTS.map((part) => checkpoint[part].length);
  return packArrays(
    MAGIC,
    { state: checkpoint.state, counts },
    PARTS.flatMap((part) => checkpoint[part]),
  );
}

/**
 * Reads a checkpoint.
 *
 * @param fingerprint of the run that wants to go on from it
 * @throws {TrainingError} when the bytes are no checkpoint, damaged, or of another run
 */
export function checkpointFromBytes(bytes: Uint8Array, fingerprint: string): Checkpoint {
  const packed = unpackArrays<{ state: TrainingState; counts: number[] }>(MAGIC, bytes);
  if (!packed) throw new TrainingError('Cannot resume training: the checkpoint is damaged or of another version');
  const { state, counts } = packed.header;
  if (state.fingerprint !== fingerprint) {
    throw new TrainingError(
      'Cannot resume training: the checkpoint is of a run with another network, other options or other data; ' +
        'delete it or give this run a store of its own',
    );
  }
  const ends = counts.map((_, i) => counts.slice(0, i + 1).reduce((sum, count) => sum + count, 0));
  const [weights, moments, averages, best] = ends.map((end, i) => packed.arrays.slice(end - counts[i]!, end));
  return { state, weights: weights!, moments: moments!, averages: averages!, best: best! };
}
