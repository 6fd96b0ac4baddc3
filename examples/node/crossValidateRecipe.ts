// recipe + folds → what its models say about the clips that each fold tests

import {
  type CrossValidateProgress,
  type CrossValidation,
  crossValidate,
  type ExampleSet,
  type NamedFold,
  type SpeakerRule,
} from 'speech-emotion';
import { fileCheckpoint, trainingWorkers } from 'speech-emotion/node';
import { NETWORK, type NetworkParameters } from './networkWorker.ts';
import { buildNetwork, type Recipe } from './recipe.ts';
import { showFolds } from './showFolds.ts';

export interface RecipeRun {
  readonly seeds: readonly number[];
  readonly speakers: SpeakerRule;
  /** Keeps the folds that are done. */
  readonly store: string;
  readonly backend: string;
  /** Folds trained side by side, each by a thread of its own. */
  readonly workers: number;
  readonly onProgress?: (event: CrossValidateProgress) => void;
  readonly signal: AbortSignal;
}

/** Cross-validates with progress on the terminal. */
export async function crossValidateRecipe(
  { network, training, teachers }: Recipe,
  examples: ExampleSet,
  folds: readonly NamedFold[],
  { seeds, speakers, store, backend, workers, onProgress, signal }: RecipeRun,
): Promise<CrossValidation> {
  const bins = examples.examples[0]!.variants[0]!.bins;
  const classes = examples.labels.length;
  const parameters: NetworkParameters = { backend, network, bins, classes };
  const show = showFolds(folds.length * seeds.length);
  return crossValidate(examples, folds, {
    build: (seed) => buildNetwork({ network }, bins, classes, seed),
    train: training,
    teachers,
    seeds,
    speakers,
    store: fileCheckpoint(store),
    executor: workers === 1 ? undefined : trainingWorkers(NETWORK, { workers, parameters }),
    onProgress(event) {
      show.onProgress(event);
      onProgress?.(event);
    },
    signal,
  }).finally(show.stop);
}
