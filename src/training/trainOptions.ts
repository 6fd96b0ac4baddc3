// options of train, as given and as resolved → their types

import type { Resolved } from '../core/check.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { ModelSettings } from '../model/trainedModel.ts';
import type { AugmentOptions, ResolvedAugment } from './augmentOptions.ts';
import type { CheckpointStore } from './checkpointStore.ts';
import type { SamplingOptions } from './sampling.ts';
import type { ResolvedSchedule, Schedule } from './schedule.ts';
import type { TrainingThreads } from './threads/trainingThreads.ts';
import type { TrainProgress } from './trainReport.ts';

/** Options of `train`. */
export interface TrainOptions {
  /** How often to go over all clips. @default 60 */
  readonly epochs?: number | undefined;
  /**
   * How evenly an epoch draws from corpora and labels, instead of each clip once: as many clips as there are, of a small corpus some
   * often, of a large one not all.
   *
   * @default false: each clip once an epoch
   */
  readonly sampling?: SamplingOptions | false | undefined;
  /**
   * What the run does first, as a curriculum: epochs of its own before those of the run, with a learning rate that goes up and down of its
   * own. Of use where a network learns something hard sooner by way of something easier: several corpora under all augmentation after
   * one corpus as it is.
   *
   * @default false
   * @see Bengio et al. 2009, "Curriculum learning", https://doi.org/10.1145/1553374.1553380
   */
  readonly pretraining?: PretrainingOptions | false | undefined;
  /** At most so many clips a step: an epoch's clips are spread evenly, so that no batch is small. @default 32 */
  readonly batchSize?: number | undefined;
  /** The highest learning rate of the schedule. @default 0.0015 */
  readonly learningRate?: number | undefined;
  /** How the learning rate changes over the run. @default 'oneCycle' */
  readonly schedule?: Schedule | Schedule['type'] | undefined;
  /** Decoupled weight decay of matrices and kernels (AdamW), relative to the learning rate. @default 0.01 */
  readonly weightDecay?: number | undefined;
  /** Gradient clipping: the largest Euclidean norm of all gradients together; false for none. @default 5 */
  readonly clipNorm?: number | false | undefined;
  /** The share of the target that is spread evenly over all labels, in [0, 1). @default 0.05 */
  readonly labelSmoothing?: number | undefined;
  /**
   * How much the clips of each label count in the loss: `'none'`, all the same; `'balanced'`, so that each label counts as much as the
   * others in total, as often as its clips are drawn; or one number a label, of which that of a label that occurs has to be above 0.
   *
   * @default 'none'
   */
  readonly classWeights?: 'none' | 'balanced' | readonly number[] | undefined;
  /** Decay of the exponential moving average (EMA) of the weights over the steps, which the model gets; false for none. @default 0.99 */
  readonly ema?: number | false | undefined;
  /** Data augmentation; false for none. @default see {@link AugmentOptions} */
  readonly augment?: AugmentOptions | false | undefined;
  /**
   * The window of frames that the network sees, and the hop between windows when a longer recording is predicted.
   *
   * @default 112 frames (2.8 s of the default features), half a window apart
   */
  readonly window?: WindowOptions | undefined;
  /** Seed of order, augmentation and masks; the network's initial weights are its builder's. @default 1 */
  readonly seed?: number | undefined;
  /**
   * Clips that are not trained on, preferably of speakers that are not trained on. They are evaluated after each epoch, the weights
   * of the best epoch are kept, and the model is calibrated on them. Without them the last epoch's weights are kept.
   */
  readonly validation?: ExampleSet | undefined;
  /** By which figure the best epoch is chosen: highest UAR (lowest loss among equals), or lowest loss. @default 'uar' */
  readonly chooseBy?: 'uar' | 'loss' | undefined;
  /** Early stopping after so many epochs without a new best; false for none. Needs `validation`. @default false */
  readonly patience?: number | false | undefined;
  /** Knowledge distillation: the probabilities that a better model, or an ensemble, gives the training clips. */
  readonly teacher?: TeacherOptions | undefined;
  /**
   * Auxiliary targets of multitask learning: names of groups, and how much each counts beside the labels, e.g.
   * `{ intensity: 0.3, sex: 0.1 }`. Each gets a softmax of its own that reads the input of the network's classifying layer, and is
   * dropped in the end. A clip without the group counts for its label alone.
   *
   * @default none
   * @see Caruana 1997, "Multitask Learning", https://doi.org/10.1023/A:1007379606734
   */
  readonly auxiliary?: Readonly<Record<string, number>> | undefined;
  /** Where to save the state of the run, and to resume from. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /**
   * Threads that take each step together, a part of the batch each: `trainingThreads(2, …)` of `speech-emotion/node`, or of
   * `speech-emotion/browser` in a page that is cross-origin isolated. The weights are those of one thread but for rounding, since sums
   * are added in another order; with as many threads they are the same, bit for bit. The batches must have a clip a thread.
   *
   * @default this thread alone
   */
  readonly threads?: TrainingThreads | undefined;
  /** Description of the data, for the model's provenance. */
  readonly dataset?: DatasetDescription | undefined;
  /** Called after each batch, epoch and checkpoint. */
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Stops the run at the next batch: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run does first: options that are left out are those of the run. */
export interface PretrainingOptions {
  /** How many epochs it takes, beside those of the run. */
  readonly epochs: number;
  /** How evenly its epochs draw from corpora and labels. */
  readonly sampling?: SamplingOptions | false | undefined;
  /** The highest learning rate of its schedule. */
  readonly learningRate?: number | undefined;
  /** How its learning rate changes over its epochs. */
  readonly schedule?: Schedule | Schedule['type'] | undefined;
  /** How much the clips of each label count in the loss. */
  readonly classWeights?: TrainOptions['classWeights'];
  /** Its augmentation; false for none. */
  readonly augment?: AugmentOptions | false | undefined;
}

/** The window of frames that a network sees. */
export interface WindowOptions {
  /** Its length: training pads or crops clips to it. */
  readonly frames: number;
  /** Hop between windows when a longer recording is predicted. @default half of `frames` */
  readonly hopFrames?: number | undefined;
  /**
   * Places in the window that the model averages short recordings over when it predicts: see `ModelSettings`. Training places clips anywhere.
   * @default 1
   */
  readonly shifts?: number | undefined;
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
  /** The weight of the teacher's probabilities in the target, in [0, 1]; the label has the rest. @default 0.5 */
  readonly weight?: number | undefined;
}

/** Description of the data in a model's provenance. */
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
  /** How evenly an epoch draws from corpora and labels; false for each clip once. */
  readonly sampling: Resolved<SamplingOptions> | false;
  /** What the run does first, or false. */
  readonly pretraining: ResolvedPretraining | false;
  /** At most so many clips a step. */
  readonly batchSize: number;
  /** The highest learning rate of the schedule. */
  readonly learningRate: number;
  /** How the learning rate changes over the run. */
  readonly schedule: ResolvedSchedule;
  /** Weight decay of matrices and kernels, relative to the learning rate. */
  readonly weightDecay: number;
  /** Largest norm of all gradients together, or false. */
  readonly clipNorm: number | false;
  /** The share of the target that is spread evenly over all labels. */
  readonly labelSmoothing: number;
  /** One a label. */
  readonly classWeights: readonly number[];
  /** Decay of the EMA of the weights, or false. */
  readonly ema: number | false;
  /** Data augmentation. */
  readonly augment: ResolvedAugment;
  /** The window of frames that the network sees, and the hop between windows. */
  readonly window: ModelSettings['window'];
  /** Seed of order and augmentation. */
  readonly seed: number;
  /** By which figure the best epoch is chosen. */
  readonly chooseBy: 'uar' | 'loss';
  /** Epochs without a new best after which to stop, or false. */
  readonly patience: number | false;
  /** The weight of the teacher in the targets; 0 without a teacher. */
  readonly distillationWeight: number;
  /** Auxiliary targets of each clip. */
  readonly auxiliary: readonly AuxiliaryTarget[];
}

/** {@link PretrainingOptions} with those of the run filled in. */
export type ResolvedPretraining = Pick<
  ResolvedTrainOptions,
  'epochs' | 'sampling' | 'learningRate' | 'schedule' | 'classWeights' | 'augment'
>;

/** A group that is predicted beside the labels while training. */
export interface AuxiliaryTarget {
  /** Its name in the examples' groups. */
  readonly group: string;
  /** What occurs in the training data, sorted. */
  readonly values: readonly string[];
  /** How much it counts in the loss; the labels count 1. */
  readonly weight: number;
}
