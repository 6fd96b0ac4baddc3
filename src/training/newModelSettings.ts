// ExampleSet + options → the settings of the model that will be trained

import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { Normalizer } from '../features/normalizer.ts';
import { libraryVersion } from '../model/libraryVersion.ts';
import type { ModelSettings } from '../model/trainedModel.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';

/** What is stored with the weights: how to feed the network, and its provenance. */
export function newModelSettings(
  { labels, features, speeds, copies, examples }: ExampleSet,
  options: ResolvedTrainOptions,
  normalizer: Normalizer,
  { dataset, validation }: TrainOptions,
): ModelSettings {
  return {
    formatVersion: 2,
    labels: [...labels],
    features,
    normalizer: normalizer.toJSON(),
    window: options.window,
    calibration: { temperature: 1 },
    training: {
      library: `speech-emotion ${libraryVersion}`,
      date: new Date().toISOString(),
      data: {
        ...dataset,
        recordings: examples.length,
        speakers: new Set(examples.map(({ speaker, name }) => speaker || `clip ${name}`)).size,
      },
      options: {
        ...options,
        speeds,
        ...(copies?.length && { copies }),
        validationRecordings: validation?.examples.length ?? 0,
      },
    },
  };
}
