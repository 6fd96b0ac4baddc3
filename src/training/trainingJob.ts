// network + examples + recipe → predictions or weights: one training that does not depend on others

import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelSettings } from '../model/trainedModel.ts';
import type { ExampleSet } from './examples.ts';
import { predictExamples } from './labelledPredictions.ts';
import type { LabelledPrediction } from './metrics.ts';
import { train } from './train.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainProgress, TrainReport } from './trainReport.ts';
import { tensorsOf, valuesOf } from './weights.ts';

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
  readonly recipe: JobRecipe;
  /** Whether the trained model is wanted, and not only what it says. */
  readonly keepModel: boolean;
}

/** Options of `train` that are plain data and the same for several trainings. */
export type JobRecipe = Omit<TrainOptions, 'seed' | 'validation' | 'checkpoint' | 'onProgress' | 'signal'>;

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
  readonly build: (seed: number) => LayersModel;
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

/** One after the other, here: what is done unless another executor is given. */
export const trainHere: TrainingExecutor = async (jobs, { build, onProgress, onResult, signal }) => {
  for (const [i, job] of jobs.entries()) {
    signal?.throwIfAborted();
    const network = build(job.seed);
    let result: TrainingResult;
    try {
      result = await runTrainingJob(job, network, { signal, onProgress: (progress) => onProgress(i, progress) });
    } finally {
      network.dispose();
    }
    await onResult(i, result);
  }
};

/**
 * Does a job with a network that was built for its seed, and stays its builder's to dispose.
 *
 * @throws what `train` throws
 */
export async function runTrainingJob(
  { seed, training, validation, test, recipe, keepModel }: TrainingJob,
  network: LayersModel,
  { onProgress, signal }: Pick<TrainOptions, 'onProgress' | 'signal'>,
): Promise<TrainingResult> {
  const { model, ...report } = await train(network, training, { ...recipe, validation, seed, signal, onProgress });
  const predictions = test ? await predictExamples(model, test, { signal }) : [];
  const { normalizer } = model.settings;
  if (!keepModel) return { predictions, normalizer };
  const weights = await valuesOf(tensorsOf(network.weights));
  return { predictions, normalizer, model: { ...report, settings: model.settings, weights } };
}
