// what can be asked of a training → what is then known of it

import type { Resolved } from '../core/check.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { AugmentOptions, ResolvedAugment } from './augmentOptions.ts';
import type { CheckpointStore } from './checkpointStore.ts';
import type { ResolvedSchedule, Schedule } from './schedule.ts';
import type { TrainProgress } from './trainReport.ts';

/** Options of `train`. */
export interface TrainOptions {
  /** How often to go over all clips. @default 60 */
  readonly epochs?: number | undefined;
  /** At most so many clips a step: an epoch's clips are spread evenly, so that no batch is small. @default 32 */
  readonly batchSize?: number | undefined;
  /** The highest learning rate of the schedule. @default 0.0015 */
  readonly learningRate?: number | undefined;
  /** How the learning rate goes. @default 'oneCycle' */
  readonly schedule?: Schedule | Schedule['type'] | undefined;
  /** Decay of matrices and kernels (AdamW), a part of the learning rate. @default 0.01 */
  readonly weightDecay?: number | undefined;
  /** Largest Euclidean norm of all gradients together; false lets any pass. @default 5 */
  readonly clipNorm?: number | false | undefined;
  /** Part of the target that is spread evenly over all labels, in [0, 1). @default 0.05 */
  readonly labelSmoothing?: number | undefined;
  /**
   * How much each label counts in the loss: the same, each class as much as the others, or as listed, of which one that occurs has to
   * be above 0.
   *
   * @default 'none'
   */
  readonly classWeights?: 'none' | 'balanced' | readonly number[] | undefined;
  /** Decay of an exponential moving average of the weights over the steps, which the model gets; or false. @default 0.99 */
  readonly ema?: number | false | undefined;
  /** What happens to clips before each step; false for nothing. @default see {@link AugmentOptions} */
  readonly augment?: AugmentOptions | false | undefined;
  /**
   * The stretch of frames that the network sees, and how far apart such windows lie in longer recordings when predicting.
   *
   * @default 112 frames (2.8 s of the default features), half a window apart
   */
  readonly window?: WindowOptions | undefined;
  /** Decides order, augmentation and masks; the network's initial weights are its builder's. @default 1 */
  readonly seed?: number | undefined;
  /**
   * Clips that nothing is trained on, best of speakers that are not trained on: evaluated after each epoch, the best epoch's
   * weights are kept and the model is calibrated on them. Without, the last epoch's weights are kept: nothing is chosen.
   */
  readonly validation?: ExampleSet | undefined;
  /** What the best epoch is best by: highest UAR (lowest loss among equals), or lowest loss. @default 'uar' */
  readonly chooseBy?: 'uar' | 'loss' | undefined;
  /** Stops after so many epochs without a new best; false never does. Needs `validation`. @default false */
  readonly patience?: number | false | undefined;
  /** Distillation: what a better model, or several together, say about the clips that are trained on. */
  readonly teacher?: TeacherOptions | undefined;
  /**
   * What else to tell of each clip while training, by the names of groups, and how much it counts beside the labels, e.g.
   * `{ intensity: 0.3, sex: 0.1 }`: a softmax of its own for each reads what the network's classifying layer reads, and is
   * dropped in the end. A clip without the group counts for its label alone.
   *
   * @default none
   * @see Caruana 1997, "Multitask Learning", https://doi.org/10.1023/A:1007379606734
   */
  readonly auxiliary?: Readonly<Record<string, number>> | undefined;
  /** Where to save the state of the run, and go on from. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** What the data is, for the model's provenance. */
  readonly dataset?: DatasetDescription | undefined;
  /** Called after each batch, epoch and checkpoint. */
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Stops the run at the next batch: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The stretch of frames that a network sees. */
export interface WindowOptions {
  /** Its length: training pads or crops clips to it. */
  readonly frames: number;
  /** How far apart windows lie when a longer recording is predicted. @default half of `frames` */
  readonly hopFrames?: number | undefined;
}

/** When checkpoints are saved; one is always saved after the last epoch. */
export interface CheckpointOptions {
  /** Where they are kept. Each run needs a store of its own. */
  readonly store: CheckpointStore;
  /** After every so many epochs. @default 1 */
  readonly everyEpochs?: number | undefined;
  /** Also after every so many batches of an epoch; false for none. @default false */
  readonly everyBatches?: number | false | undefined;
  /** Also when `signal` aborts the run. @default true */
  readonly onAbort?: boolean | undefined;
}

/** @see Hinton et al. 2015, "Distilling the knowledge in a neural network", https://arxiv.org/abs/1503.02531 */
export interface TeacherOptions {
  /** For each training clip, by name, one probability a label. */
  readonly probabilities: ReadonlyMap<string, ArrayLike<number>>;
  /** Which part of the target is the teacher's; the clip's own label is the rest. @default 0.5 */
  readonly weight?: number | undefined;
}

/** What is said about the data in a model's provenance. */
export interface DatasetDescription {
  /** The corpus and the part of it, e.g. `RAVDESS speech, 24 actors`. */
  readonly name?: string | undefined;
  /** Licence of the data. */
  readonly licence?: string | undefined;
  /** How to cite the data. */
  readonly citation?: string | undefined;
}

/** {@link TrainOptions} that decide the result, with every default filled in: plain JSON. */
export interface ResolvedTrainOptions {
  /** How often to go over all clips. */
  readonly epochs: number;
  /** At most so many clips a step. */
  readonly batchSize: number;
  /** The highest learning rate of the schedule. */
  readonly learningRate: number;
  /** How the learning rate goes. */
  readonly schedule: ResolvedSchedule;
  /** Decay of matrices and kernels, a part of the learning rate. */
  readonly weightDecay: number;
  /** Largest norm of all gradients together, or false. */
  readonly clipNorm: number | false;
  /** Part of the target that is spread evenly over all labels. */
  readonly labelSmoothing: number;
  /** One a label. */
  readonly classWeights: readonly number[];
  /** Decay of the moving average of the weights, or false. */
  readonly ema: number | false;
  /** What happens to clips before each step. */
  readonly augment: ResolvedAugment;
  /** The stretch of frames that the network sees, and how far apart windows lie. */
  readonly window: Resolved<WindowOptions>;
  /** Decides order and augmentation. */
  readonly seed: number;
  /** What the best epoch is best by. */
  readonly chooseBy: 'uar' | 'loss';
  /** Epochs without a new best after which to stop, or false. */
  readonly patience: number | false;
  /** The teacher's part of the targets; 0 without a teacher. */
  readonly distillationWeight: number;
  /** What else is told of each clip. */
  readonly auxiliary: readonly AuxiliaryTarget[];
}

/** A group that is told beside the labels. */
export interface AuxiliaryTarget {
  /** Its name in the examples' groups. */
  readonly group: string;
  /** What occurs in the training data, sorted. */
  readonly values: readonly string[];
  /** How much it counts in the loss; the labels count 1. */
  readonly weight: number;
}
