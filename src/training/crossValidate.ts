// ExampleSet + folds → how well a recipe does on clips it has not seen

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkNothingElse } from '../features/check.ts';
import { fitTemperature } from './calibrate.ts';
import type { CheckpointStore } from './checkpoint.ts';
import { type Evaluation, summarise } from './evaluation.ts';
import type { ExampleSet } from './examples.ts';
import { networkText, textHash } from './fingerprint.ts';
import { FoldResults } from './foldResults.ts';
import { type FoldSets, foldSets, type NamedFold, type SpeakerRule } from './foldSets.ts';
import { predictExamples } from './labelledPredictions.ts';
import type { BootstrapOptions, LabelledPrediction } from './metrics.ts';
import { train } from './train.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainProgress } from './trainReport.ts';

/** Options of {@link crossValidate}. */
export interface CrossValidateOptions {
  /** Makes the untrained network for a seed; it is disposed of here. */
  readonly build: (seed: number) => LayersModel;
  /** The recipe, the same for all folds: settled before, and not on them. @default the defaults of `train` */
  readonly train?: Recipe | undefined;
  /** One whole cross-validation is run for each. @default [1] */
  readonly seeds?: readonly number[] | undefined;
  /**
   * Whether folds may test speakers that they train on; `'independent'` refuses such folds.
   *
   * @default 'independent'
   */
  readonly speakers?: SpeakerRule | undefined;
  /** More clips to train on, e.g. songs. With independent speakers, those of a fold's test speakers are left out of it. */
  readonly extra?: ExampleSet | undefined;
  /** Keeps the results of finished folds: a run that was stopped goes on after them. `build` must not have changed. */
  readonly store?: CheckpointStore | undefined;
  /** How the intervals are worked out. */
  readonly bootstrap?: BootstrapOptions | undefined;
  /** Called after each fold, and for what `train` tells meanwhile. */
  readonly onProgress?: ((progress: CrossValidateProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `train` that a cross-validation can take: nothing that chooses by results, nothing of a single run. */
export type Recipe = Omit<
  TrainOptions,
  'seed' | 'validation' | 'patience' | 'chooseBy' | 'checkpoint' | 'teacher' | 'onProgress' | 'signal'
>;

/** What {@link crossValidate} tells while it runs. */
export type CrossValidateProgress = FoldTrainingProgress | FoldProgress;

/** The training of a fold goes on. */
export interface FoldTrainingProgress {
  /** What happened. */
  readonly type: 'training';
  /** The seed of the run. */
  readonly seed: number;
  /** The fold that is trained. */
  readonly fold: string;
  /** What `train` tells. */
  readonly progress: TrainProgress;
}

/** A fold is done. */
export interface FoldProgress {
  /** What happened. */
  readonly type: 'fold';
  /** The seed of the run. */
  readonly seed: number;
  /** The fold. */
  readonly fold: string;
  /** Its result, not yet calibrated: that takes the other folds. */
  readonly evaluation: Evaluation;
  /** Folds done, over all seeds. */
  readonly done: number;
  /** Folds in all, over all seeds. */
  readonly total: number;
  /** Whether the result came from the store. */
  readonly stored: boolean;
}

/** What {@link crossValidate} gives back: plain JSON. */
export interface CrossValidation {
  /** Whether speakers were tested that the tested models were trained on. */
  readonly speakers: SpeakerRule;
  /** One for each seed. */
  readonly runs: readonly CrossValidationRun[];
  /** Unweighted average recall of all folds' clips together, over seeds. */
  readonly uar: MeanAndDeviation;
  /** Weighted average recall of all folds' clips together, over seeds. */
  readonly war: MeanAndDeviation;
  /** Macro-averaged F1 of all folds' clips together, over seeds. */
  readonly macroF1: MeanAndDeviation;
}

/** All folds, with one seed. */
export interface CrossValidationRun {
  /** The seed. */
  readonly seed: number;
  /** Each fold's own evaluation. */
  readonly folds: readonly FoldResult[];
  /** All folds' clips together: the confusion matrices summed, and figures of the sum. */
  readonly pooled: Evaluation;
  /** Fitted on all folds' test clips: what a model that the same recipe trains on all clips may be calibrated to. */
  readonly temperature: number;
}

/** One fold, with one seed. */
export interface FoldResult {
  /** The fold. */
  readonly name: string;
  /** How well the model that was trained on its training clips does on its test clips. */
  readonly evaluation: Evaluation;
}

/** A figure over several seeds. */
export interface MeanAndDeviation {
  /** Mean over the seeds. */
  readonly mean: number;
  /** Sample standard deviation; null for a single seed. */
  readonly deviation: number | null;
}

/**
 * Trains and tests a recipe on each fold, for each seed, so that nothing leaks from a test fold into its training: the
 * normaliser is fitted on the fold's training clips, speed copies stay with their clip, the last epoch's weights are taken
 * as they are, the temperature is fitted on the other folds, and folds that share clips (or speakers, unless told
 * otherwise) are refused.
 *
 * @param data all clips
 * @param folds which of them to train on and to test on, e.g. `dataset.folds('actors5')`
 * @throws {RangeError} when there are no folds or seeds, a fold names a clip that is not in the set, or folds leak
 * @throws {TrainingError} when the store holds something else than this cross-validation's results, or training fails
 * @throws the signal's reason when it aborts
 *
 * @example
 * ```ts
 * const result = await crossValidate(examples, dataset.folds('actors5'), {
 *   build: (seed) => buildCnnLstm({ seed }),
 *   train: { epochs: 60 },
 *   seeds: [1, 2, 3],
 * });
 * ```
 */
export async function crossValidate(
  data: ExampleSet,
  folds: Iterable<NamedFold>,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const {
    build,
    train: recipe = {},
    seeds = [1],
    speakers = 'independent',
    extra,
    store,
    bootstrap,
    onProgress,
    signal,
    ...rest
  } = options;
  checkNothingElse('cross-validate', rest);
  if (seeds.length === 0) throw new RangeError('Cannot cross-validate: there must be seeds, got none');
  const sets = foldSets(data, folds, speakers, extra);
  const finished = await FoldResults.load(store, store ? fingerprintOf(sets, recipe, build(seeds[0]!)) : '');

  const runs: CrossValidationRun[] = [];
  for (const seed of seeds) {
    const results: FoldPredictions[] = [];
    for (const fold of sets) {
      signal?.throwIfAborted();
      const stored = finished.get(seed, fold.name);
      const predictions = stored ?? (await runFold(fold, seed, { build, recipe, onProgress, signal }));
      if (!stored) await finished.add(seed, fold.name, predictions);
      results.push({ name: fold.name, predictions });
      onProgress?.({
        type: 'fold',
        seed,
        fold: fold.name,
        evaluation: summarise(data.labels, [{ predictions, temperature: 1 }], bootstrap),
        done: runs.length * sets.length + results.length,
        total: seeds.length * sets.length,
        stored: stored !== undefined,
      });
    }
    runs.push(runOf(seed, results, data.labels, bootstrap));
  }
  return {
    speakers,
    runs,
    uar: meanAndDeviation(runs.map(({ pooled }) => pooled.uar)),
    war: meanAndDeviation(runs.map(({ pooled }) => pooled.war)),
    macroF1: meanAndDeviation(runs.map(({ pooled }) => pooled.macroF1)),
  };
}

interface FoldPredictions {
  readonly name: string;
  /** Uncalibrated. */
  readonly predictions: readonly LabelledPrediction[];
}

/** Trains a network on a fold and has it say what it thinks of the test clips. */
async function runFold(
  { name: fold, training, test }: FoldSets,
  seed: number,
  {
    build,
    recipe,
    onProgress,
    signal,
  }: Pick<CrossValidateOptions, 'build' | 'onProgress' | 'signal'> & { recipe: Recipe },
): Promise<LabelledPrediction[]> {
  const network = build(seed);
  try {
    const { model } = await train(network, training, {
      ...recipe,
      seed,
      signal,
      onProgress: (progress) => onProgress?.({ type: 'training', seed, fold, progress }),
    });
    return await predictExamples(model, test, { signal });
  } finally {
    network.dispose();
  }
}

function runOf(
  seed: number,
  results: readonly FoldPredictions[],
  labels: readonly string[],
  bootstrap: BootstrapOptions | undefined,
): CrossValidationRun {
  const calibrated = results.map(({ name, predictions }) => {
    const others = results.flatMap((other) => (other.name === name ? [] : other.predictions));
    return { name, predictions, temperature: others.length > 0 ? fitTemperature(others) : 1 };
  });
  return {
    seed,
    folds: calibrated.map((fold) => ({ name: fold.name, evaluation: summarise(labels, [fold], bootstrap) })),
    pooled: summarise(labels, calibrated, bootstrap),
    temperature: fitTemperature(results.flatMap(({ predictions }) => predictions)),
  };
}

function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** Of the recipe, of which clips each fold has, and of the network, which is disposed. */
function fingerprintOf(sets: readonly FoldSets[], recipe: Recipe, network: LayersModel): string {
  const architecture = networkText(network);
  network.dispose();
  const contents = ({ labels, features, speeds, examples }: ExampleSet) => [
    ...[labels, features, speeds],
    examples.map(({ name, label }) => [name, label]),
  ];
  const folds = sets.map(({ name, training, test }) => [name, contents(training), contents(test)]);
  return textHash(JSON.stringify([recipe, architecture, folds]));
}
