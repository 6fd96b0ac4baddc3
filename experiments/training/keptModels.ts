// an executor of trainings → one that also keeps each trained model in a folder

import * as tf from '@tensorflow/tfjs-core';
import { saveModel, type TrainingExecutor, type TrainingJob } from 'speech-emotion';
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
