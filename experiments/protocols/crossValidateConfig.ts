// training configuration + folds → predictions for the clips that each fold tests

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  type CrossValidateProgress,
  type CrossValidation,
  crossValidate,
  type ExampleSet,
  type NamedFold,
  type SpeakerRule,
  type TrainingExecutor,
  type TrainingJob,
} from 'speech-emotion';
import { fileCheckpoint, trainingWorkers } from 'speech-emotion/node';
import { keepingModels, keptTrainings } from '../training/keptModels.ts';
import { NETWORK, type NetworkParameters } from '../training/networkWorker.ts';
import { buildNetwork, type TrainingConfig } from '../training/trainingConfig.ts';
import { showFolds } from './showFolds.ts';

export interface ConfigRun {
  readonly seeds: readonly number[];
  readonly speakers: SpeakerRule;
  /** The file that keeps the folds that are done. */
  readonly store: string;
  readonly backend: string;
  /** Folds trained in parallel, each in its own thread. */
  readonly workers: number;
  /** More clips to train on in every fold. */
  readonly extra?: ExampleSet | undefined;
  /** A folder that keeps each fold's model. */
  readonly models?: string | undefined;
  /** A folder that has kept them before: they predict, and nothing is trained. */
  readonly trained?: string | undefined;
  /** What trains. @default threads of this process, or this one where a single training runs at a time */
  readonly executor?: TrainingExecutor | undefined;
  readonly onProgress?: (event: CrossValidateProgress) => void;
  readonly signal: AbortSignal;
}

/** The file that keeps the folds that are done, named by everything that their results follow from. */
export function foldStore(folder: string, settings: readonly unknown[]): string {
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);
  return join(folder, `${key}.bin`);
}

/** Cross-validates and shows progress on the terminal. */
export async function crossValidateConfig(
  { network, training, teachers }: TrainingConfig,
  examples: ExampleSet,
  folds: readonly NamedFold[],
  { seeds, speakers, store, backend, workers, extra, models, trained, executor: given, onProgress, signal }: ConfigRun,
): Promise<CrossValidation> {
  const bins = examples.examples[0]!.variants[0]!.bins;
  const classes = examples.labels.length;
  const parameters: NetworkParameters = { backend, network, bins, classes };
  const threads = () => trainingWorkers(NETWORK, { workers, parameters, checkpoints: 'runs/checkpoints' });
  const foldOf = new Map(folds.flatMap(({ name, test }) => Array.from(test, (clip) => [clip.name, name] as const)));
  const folderIn =
    (folder: string) =>
    ({ seed, test }: TrainingJob) =>
      join(folder, `${foldOf.get(test!.examples[0]!.name)!.replaceAll('/', '-')}-seed${seed}`);
  const ofKept = trained === undefined ? undefined : keptTrainings({ training }, folderIn(trained));
  const executor = given ?? ofKept ?? (workers === 1 && !models ? undefined : threads());
  const show = showFolds(folds.length * seeds.length);
  return crossValidate(examples, folds, {
    build: (seed) => buildNetwork({ network }, bins, classes, seed),
    train: training,
    teachers,
    seeds,
    speakers,
    store: fileCheckpoint(store),
    extra,
    executor: executor && models ? keepingModels(executor, { network }, folderIn(models)) : executor,
    onProgress(event) {
      show.onProgress(event);
      onProgress?.(event);
    },
    signal,
  }).finally(show.stop);
}
