// network + examples + training configuration → predictions or weights: one of several independent trainings

import { checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import { averagePredictions, predictExamples } from '../evaluation/labelledPredictions.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { ModelSettings } from '../model/trainedModel.ts';
import { tensorsOf, valuesOf } from '../model/weights.ts';
import { buildWith, type NetworkBuilder } from '../training/networkBuilder.ts';
import { train } from '../training/train.ts';
import type { TeacherOptions, TrainOptions } from '../training/trainOptions.ts';
import type { TrainProgress, TrainReport } from '../training/trainReport.ts';
import { checkSeeds } from './checkSeeds.ts';

/** One of several independent trainings: plain data, so that it can be done in another thread. */
export interface TrainingJob {
  /** Seed of the network, and of order, augmentation and masks. */
  readonly seed: number;
  /** What to train on. */
  readonly training: ExampleSet;
  /** As in {@link TrainOptions}. */
  readonly validation?: ExampleSet | undefined;
  /** What the trained model predicts. */
  readonly test?: ExampleSet | undefined;
  /** How to train. */
  readonly config: TrainingConfig;
  /** Models that are trained first, and whose averaged predictions are taught. */
  readonly teachers?: Teachers | undefined;
  /** Whether the trained model is returned, and not only its predictions. */
  readonly keepModel: boolean;
}

/**
 * Knowledge distillation of an ensemble into one model: models of the same training configuration are trained with other seeds on the
 * same clips, and the mean of their probabilities is part of the targets, as with {@link TrainOptions.teacher}.
 */
export interface Teachers {
  /** One model a seed. */
  readonly seeds: readonly number[];
  /** The weight of the teachers in the target, in [0, 1]. @default that of `teacher` */
  readonly share?: number | undefined;
}

/** Options of `train` that are plain data and the same for several trainings. */
export type TrainingConfig = Omit<
  TrainOptions,
  'seed' | 'validation' | 'checkpoint' | 'threads' | 'onProgress' | 'signal'
>;

/** Teachers that can be trained; an error otherwise. */
export function checkTeachers(action: string, teachers: Teachers): void {
  const { seeds, share = 0.5, ...rest } = checkOptions(action, teachers, 'teachers');
  checkNothingElse(action, rest, 'teachers');
  checkSeeds(action, 'teachers.seeds', seeds);
  checkNumber(action, 'teachers.share', share, 0, 1);
}

/** The result of a {@link TrainingJob}: plain data again. */
export interface TrainingResult {
  /** Predictions for the job's test clips, uncalibrated unless there was validation; empty where there are none. */
  readonly predictions: readonly LabelledPrediction[];
  /** The trained model's: shows which clips it was fitted on. */
  readonly normalizer: ModelSettings['normalizer'];
  /** The trained model, where it was wanted. */
  readonly model?: TrainedWeights | undefined;
}

/** A report of `train` with the network's weights in place of the network. */
export interface TrainedWeights extends Omit<TrainReport, 'model'> {
  /** Those of the model. */
  readonly settings: ModelSettings;
  /** Every weight of the network, in its order. */
  readonly weights: readonly Float32Array[];
}

/** What a {@link TrainingExecutor} is given beside the jobs. */
export interface TrainingRun {
  /** Makes the untrained network for a seed; whoever calls it disposes of it. */
  readonly build: NetworkBuilder;
  /** To be called with the index of the job and the progress of `train`. */
  readonly onProgress: (job: number, progress: TrainProgress) => void;
  /** To be called with each result as soon as it is there, one at a time. */
  readonly onResult: (job: number, result: TrainingResult) => Promise<void>;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Does trainings in any order, each with the result that it would have alone, and calls `onResult` once for each. When one fails, it
 * stops the others and rejects with the same error.
 */
export type TrainingExecutor = (jobs: readonly TrainingJob[], run: TrainingRun) => Promise<void>;

/**
 * Checks that an executor has given all results.
 *
 * @throws {TypeError} when some are missing
 */
export function checkAllDone(action: string, done: number, total: number): void {
  if (done === total) return;
  throw new TypeError(
    `Cannot ${action}: executor must give the result of each training, and ${total - done} are missing`,
  );
}

/** The default executor: one training after the other, in this thread. */
export const trainHere: TrainingExecutor = async (jobs, { build, onProgress, onResult, signal }) => {
  for (const [i, job] of jobs.entries()) {
    signal?.throwIfAborted();
    await onResult(i, await runTrainingJob(job, build, { signal, onProgress: (progress) => onProgress(i, progress) }));
  }
};

/**
 * Does a job. The teachers' training reports no progress and has no checkpoint.
 *
 * @param build makes the untrained network for a seed; it is disposed of here
 * @throws what `build` and `train` throw
 */
export async function runTrainingJob(
  { seed, training, validation, test, config, teachers, keepModel }: TrainingJob,
  build: NetworkBuilder,
  { checkpoint, onProgress, signal }: Pick<TrainOptions, 'checkpoint' | 'onProgress' | 'signal'>,
): Promise<TrainingResult> {
  const teacher = teachers && (await teach(training, config, teachers, build, signal));
  const network = await buildWith('train', build, seed);
  try {
    const options = { ...config, ...(teacher && { teacher }), validation, seed, checkpoint, signal, onProgress };
    const { model, ...report } = await train(network, training, options);
    const predictions = test ? await predictExamples(model, test, { signal }) : [];
    const { normalizer } = model.settings;
    if (!keepModel) return { predictions, normalizer };
    const weights = await valuesOf(tensorsOf(network.weights));
    return { predictions, normalizer, model: { ...report, settings: model.settings, weights } };
  } finally {
    network.dispose();
  }
}

/** Trains the teachers: their averaged probabilities of the clips that they were trained on. */
async function teach(
  training: ExampleSet,
  config: TrainingConfig,
  { seeds, share }: Teachers,
  build: NetworkBuilder,
  signal: AbortSignal | undefined,
): Promise<TeacherOptions> {
  const predictions: LabelledPrediction[][] = [];
  for (const seed of seeds) {
    const network = await buildWith('train', build, seed);
    try {
      const { model } = await train(network, training, { ...config, seed, signal });
      predictions.push(await predictExamples(model, training, { signal }));
    } finally {
      network.dispose();
    }
  }
  return {
    probabilities: new Map(averagePredictions(predictions).map((clip) => [clip.name, clip.probabilities])),
    weight: share,
  };
}
