// an executor of trainings → one that also keeps each trained model in a folder; and those models → an executor that trains nothing

import * as tf from '@tensorflow/tfjs-core';
import { loadModel, type ModelSettings, saveModel, type TrainingExecutor, type TrainingJob } from 'speech-emotion';
import { predictExamples } from 'speech-emotion/evaluation';
import { modelDirectory } from 'speech-emotion/node';
import { buildNetwork, type TrainingConfig } from './trainingConfig.ts';

/**
 * Keeps the models of a cross-validation.
 *
 * @param executor what trains
 * @param config whose network is built again to hold the weights
 * @param folderOf where the model of a training goes
 */
export function keepingModels(
  executor: TrainingExecutor,
  config: Pick<TrainingConfig, 'network'>,
  folderOf: (job: TrainingJob) => string,
): TrainingExecutor {
  return (jobs, run) =>
    executor(
      jobs.map((job) => ({ ...job, keepModel: true })),
      {
        ...run,
        async onResult(index, result) {
          const { settings, weights } = result.model!;
          const job = jobs[index]!;
          const network = buildNetwork(config, settings.normalizer.mean.length, settings.labels.length, job.seed);
          const tensors = network.weights.map(({ shape }, i) => tf.tensor(weights[i]!, shape as number[]));
          try {
            network.setWeights(tensors);
            await saveModel({ network, settings }, modelDirectory(folderOf(job)));
          } finally {
            tf.dispose(tensors);
            network.dispose();
          }
          await run.onResult(index, result);
        },
      },
    );
}

/**
 * Predicts by models that were kept, in place of training them again: after a change of the configuration that matters to predictions
 * alone, the places that a window is averaged over.
 *
 * @param config whose `training.window` the models get
 * @param folderOf where the model of a training is
 */
export function keptTrainings(
  { training }: Pick<TrainingConfig, 'training'>,
  folderOf: (job: TrainingJob) => string,
): TrainingExecutor {
  return async (jobs, { onResult, signal }) => {
    for (const [index, job] of jobs.entries()) {
      const { network, settings: kept } = await loadModel(modelDirectory(folderOf(job)), { signal });
      try {
        const settings = predictingAs(training, kept);
        const predictions = job.test ? await predictExamples({ network, settings }, job.test, { signal }) : [];
        const weights = await Promise.all(network.getWeights().map((weight) => weight.data<'float32'>()));
        const report = { history: [], bestEpoch: training.epochs ?? 0, stoppedEarly: false };
        const model = job.keepModel ? { ...report, settings, weights } : undefined;
        await onResult(index, { predictions, normalizer: settings.normalizer, model });
      } finally {
        network.dispose();
      }
    }
  };
}

/** A model's settings with what its configuration has changed for predictions since the model was trained. */
export function predictingAs({ window }: TrainingConfig['training'], settings: ModelSettings): ModelSettings {
  const { frames, hopFrames } = settings.window;
  const { shifts = 1 } = window ?? {};
  const now = { frames, hopFrames, ...(shifts > 1 && { shifts }) };
  const { options, ...training } = settings.training;
  return { ...settings, window: now, training: { ...training, options: { ...(options as object), window: now } } };
}
