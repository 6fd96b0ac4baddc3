// network + examples + training configuration → predictions or weights: one training that does not depend on others

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

/** One training of several that do not depend on each other: data alone, so that it can be done in another thread. */
export interface TrainingJob {
  /** Makes the network and decides order, augmentation and masks. */
  readonly seed: number;
  /** What to train on. */
  readonly training: ExampleSet;
  /** As in {@link TrainOptions}. */
  readonly validation?: ExampleSet | undefined;
  /** What the trained model shall say something about. */
  readonly test?: ExampleSet | undefined;
  /** How to train. */
  readonly config: TrainingConfig;
  /** Models that are trained before, and what they say together is taught. */
  readonly teachers?: Teachers | undefined;
  /** Whether the trained model is wanted, and not only what it says. */
  readonly keepModel: boolean;
}

/**
 * Distillation of an ensemble into one model: models of the same training configuration are trained with other seeds on the same clips, and the mean
 * of what they say about these is a part of the targets, as {@link TrainOptions.teacher} has it.
 */
export interface Teachers {
  /** One model a seed. */
  readonly seeds: readonly number[];
  /** Which part of the target is the teachers'. @default that of `teacher` */
  readonly share?: number | undefined;
}

/** Options of `train` that are plain data and the same for several trainings. */
export type TrainingConfig = Omit<TrainOptions, 'seed' | 'validation' | 'checkpoint' | 'onProgress' | 'signal'>;

/** Teachers that can be trained; an error otherwise. */
export function checkTeachers(action: string, teachers: Teachers): void {
  const { seeds, share = 0.5, ...rest } = checkOptions(action, teachers, 'teachers');
  checkNothingElse(action, rest, 'teachers');
  checkSeeds(action, 'teachers.seeds', seeds);
  checkNumber(action, 'teachers.share', share, 0, 1);
}

/** What comes of a {@link TrainingJob}: data alone again. */
export interface TrainingResult {
  /** What the model says about the job's test clips, uncalibrated unless there was validation; empty where there are none. */
  readonly predictions: readonly LabelledPrediction[];
  /** The trained model's: by it, who wanted the training can tell what it was fitted on. */
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

/** What a {@link TrainingExecutor} has to know, and whom to tell. */
export interface TrainingRun {
  /** Makes the untrained network for a seed; whoever calls it disposes of it. */
  readonly build: NetworkBuilder;
  /** To be called with what `train` tells, and the place of its job in the list. */
  readonly onProgress: (job: number, progress: TrainProgress) => void;
  /** To be called with each result as soon as it is there, one call after the other is over. */
  readonly onResult: (job: number, result: TrainingResult) => Promise<void>;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Does trainings, all of which give what they would give alone, in any order, and calls `onResult` once for each. When one
 * fails it stops the others and rejects with what that one failed with.
 */
export type TrainingExecutor = (jobs: readonly TrainingJob[], run: TrainingRun) => Promise<void>;

/**
 * Holds that an executor has given what it was to give.
 *
 * @throws {TypeError} when it says that it is over and is not
 */
export function checkAllDone(action: string, done: number, total: number): void {
  if (done === total) return;
  throw new TypeError(
    `Cannot ${action}: executor must give the result of each training, and ${total - done} are missing`,
  );
}

/** One after the other, here: what is done unless another executor is given. */
export const trainHere: TrainingExecutor = async (jobs, { build, onProgress, onResult, signal }) => {
  for (const [i, job] of jobs.entries()) {
    signal?.throwIfAborted();
    await onResult(i, await runTrainingJob(job, build, { signal, onProgress: (progress) => onProgress(i, progress) }));
  }
};

/**
 * Does a job. Of the teachers' training nothing is told.
 *
 * @param build makes the untrained network for a seed; it is disposed of here
 * @throws what `build` and `train` throw
 */
export async function runTrainingJob(
  { seed, training, validation, test, config, teachers, keepModel }: TrainingJob,
  build: NetworkBuilder,
  { onProgress, signal }: Pick<TrainOptions, 'onProgress' | 'signal'>,
): Promise<TrainingResult> {
  const teacher = teachers && (await teach(training, config, teachers, build, signal));
  const network = await buildWith('train', build, seed);
  try {
    const options = { ...config, ...(teacher && { teacher }), validation, seed, signal, onProgress };
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

/** What the teachers, once trained, say together about the clips that they were trained on. */
async function teach(
  training: ExampleSet,
  config: TrainingConfig,
  { seeds, share }: Teachers,
  build: NetworkBuilder,
  signal: AbortSignal | undefined,
): Promise<TeacherOptions> {
  const said: LabelledPrediction[][] = [];
  for (const seed of seeds) {
    const network = await buildWith('train', build, seed);
    try {
      const { model } = await train(network, training, { ...config, seed, signal });
      said.push(await predictExamples(model, training, { signal }));
    } finally {
      network.dispose();
    }
  }
  return {
    probabilities: new Map(averagePredictions(said).map((clip) => [clip.name, clip.probabilities])),
    weight: share,
  };
}
