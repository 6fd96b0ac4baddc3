// a run of train → its progress and its report: their types

import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import type { TrainedModel } from '../model/trainedModel.ts';

/** One epoch of a run. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch's clips, as augmented, smoothed and weighted. */
  readonly loss: number;
  /** The result on the validation set, where there is one; of the EMA of the weights, where there is one. */
  readonly validation?: ValidationRecord | undefined;
}

/** An epoch's result on the validation set. */
export interface ValidationRecord {
  /** Unweighted average recall, in [0, 1]. */
  readonly uar: number;
  /** Mean negative log likelihood, in nats. */
  readonly loss: number;
}

/** What `train` gives back. */
export interface TrainReport {
  /** The network that was given, now trained, with its settings. */
  readonly model: TrainedModel;
  /** One record for each epoch that was run. */
  readonly history: readonly EpochRecord[];
  /** The epoch (from 1) whose weights the model has: the best by validation, the last where there is none. */
  readonly bestEpoch: number;
  /** Whether early stopping ended the run before its last epoch. */
  readonly stoppedEarly: boolean;
}

/** What `onProgress` of `train` is called with. Epochs and batches count from 1. */
export type TrainProgress = ResumeProgress | BatchProgress | EpochProgress | CheckpointProgress;

/** A checkpoint was found, and the run resumes from it. */
export interface ResumeProgress {
  /** What happened. */
  readonly type: 'resume';
  /** Epochs that are finished. */
  readonly epochs: number;
  /** Batches of the next epoch that are finished. */
  readonly batches: number;
  /** One record for each finished epoch, so that learning curves can continue. */
  readonly history: readonly EpochRecord[];
}

/** A step was taken. */
export interface BatchProgress {
  /** What happened. */
  readonly type: 'batch';
  /** The epoch it belongs to. */
  readonly epoch: number;
  /** Epochs of the run. */
  readonly epochs: number;
  /** Its number within the epoch. */
  readonly batch: number;
  /** Batches an epoch. */
  readonly batches: number;
  /** Mean loss of its clips. */
  readonly loss: number;
  /** The learning rate of the step. */
  readonly learningRate: number;
  /** Euclidean norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
}

/** An epoch is over. */
export interface EpochProgress {
  /** What happened. */
  readonly type: 'epoch';
  /** The epoch. */
  readonly epoch: number;
  /** Epochs of the run. */
  readonly epochs: number;
  /** Its loss and result. */
  readonly record: EpochRecord;
  /** Whether it is the best so far by validation; false where there is none. */
  readonly best: boolean;
  /** The uncalibrated predictions for the validation set, where there is one. */
  readonly predictions?: readonly LabelledPrediction[] | undefined;
}

/** A checkpoint was saved. */
export interface CheckpointProgress {
  /** What happened. */
  readonly type: 'checkpoint';
  /** Finished epochs that it holds. */
  readonly epochs: number;
  /** Finished batches of the next epoch that it holds. */
  readonly batches: number;
}
