// a model + clips with other labels → a model of those, by each of the ways

import { adapt, type ExampleSet, type TrainedModel, train } from 'speech-emotion';
import { buildNetwork, TRAINING_CONFIGS } from '../training/trainingConfig.ts';
import type { AdaptWay } from './adaptFile.ts';

type Training = (
  base: TrainedModel,
  chosen: ExampleSet,
  seed: number,
  signal: AbortSignal,
) => Promise<{ readonly model: TrainedModel }>;

export const TRAININGS: Readonly<Record<AdaptWay, Training>> = {
  head: (base, chosen, seed, signal) => adapt(base, chosen, { layers: 'head', seed, signal }),
  all: (base, chosen, seed, signal) => adapt(base, chosen, { seed, signal }),
  async scratch(_base, chosen, seed, signal) {
    const { independent } = TRAINING_CONFIGS;
    const { bins } = chosen.examples[0]!.variants[0]!;
    const network = buildNetwork(independent, bins, chosen.labels.length, seed);
    try {
      return await train(network, chosen, { ...independent.training, seed, signal });
    } catch (error) {
      network.dispose();
      throw error;
    }
  },
};
