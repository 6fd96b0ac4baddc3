// a training run → what is told about it, while it runs and after

import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import type { TrainedModel } from '../model/trainedModel.ts';

/** One epoch of a run. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch's clips, as augmented, smoothed and weighted. */
  readonly loss: number;
  /** The result on the validation set, where there is one; of the averaged weights, where there is averaging. */
  readonly validation?: ValidationRecord | undefined;
}

/** What one epoch's weights do on the validation set. */
export interface ValidationRecord {
  /** Unweighted average recall, in [0, 1]. */
  readonly uar: number;
  /** Mean negative log likelihood, in nats. */
  readonly loss: number;
}

/** What `train` gives back. */
export interface TrainReport {
  /** The network that was given, now trained, and all it takes to use it. */
  readonly model: TrainedModel;
  /** One record for each epoch that was run. */
  readonly history: readonly EpochRecord[];
  /** The epoch (from 1) whose weights the model has: the best by validation, the last where there is none. */
  readonly bestEpoch: number;
  /** Whether early stopping ended the run before its last epoch. */
  readonly stoppedEarly: boolean;
}

/** What `train` tells while it runs. Epochs and batches count from 1. */
export type TrainProgress = ResumeProgress | BatchProgress | EpochProgress | CheckpointProgress;

/** A checkpoint was found, and the run goes on after it. */
export interface ResumeProgress {
  /** What happened. */
  readonly type: 'resume';
  /** Whole epochs that are done already. */
  readonly epochs: number;
  /** Batches of the next epoch that are done already. */
  readonly batches: number;
  /** One record for each whole epoch that is done, so that curves can go on, too. */
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
  /** How it went. */
  readonly record: EpochRecord;
  /** Whether it is the best so far by validation; false where there is none. */
  readonly best: boolean;
  /** What the epoch's weights say about each clip of the validation set, uncalibrated; where there is one. */
  readonly predictions?: readonly LabelledPrediction[] | undefined;
}

/** A checkpoint was saved. */
export interface CheckpointProgress {
  /** What happened. */
  readonly type: 'checkpoint';
  /** Whole epochs that it holds. */
  readonly epochs: number;
  /** Batches of the next epoch that it holds. */
  readonly batches: number;
}
