// ExampleSet + folds → how well a training configuration does on clips it has not seen

import { checkOneOf, checkOptions } from '../core/check.ts';
import { Fingerprint } from '../core/fingerprint.ts';
import { type Evaluation, summarise } from '../evaluation/evaluation.ts';
import { type BootstrapOptions, resolveBootstrap } from '../evaluation/speakerBootstrap.ts';
import { checkExamples } from '../exampleSet/checkExamples.ts';
import { addExamples, ExampleContents } from '../exampleSet/exampleContents.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { CheckpointStore } from '../training/checkpointStore.ts';
import type { NetworkBuilder } from '../training/networkBuilder.ts';
import { resolveTrainOptions } from '../training/resolveTrainOptions.ts';
import { addTraining } from '../training/trainingFingerprint.ts';
import type { TrainProgress } from '../training/trainReport.ts';
import { checkTrainings } from './checkTrainings.ts';
import { type CrossValidation, combineFolds } from './crossValidation.ts';
import { FoldResults } from './foldResults.ts';
import { checkChoosesNothing, checkNormalizer } from './leakChecks.ts';
import { networkHashes } from './networkHashes.ts';
import { type NamedFold, type ResolvedFold, resolveFolds, type SpeakerRule } from './resolveFolds.ts';
import {
  checkAllDone,
  checkTeachers,
  type Teachers,
  type TrainingConfig,
  type TrainingExecutor,
  trainHere,
} from './trainingJob.ts';

/** Options of {@link crossValidate}. */
export interface CrossValidateOptions {
  /** Makes the untrained network for a seed; it is disposed of here. */
  readonly build: NetworkBuilder;
  /** The training configuration, the same for all folds, and not tuned on them. @default the defaults of `train` */
  readonly train?: FoldTrainingConfig | undefined;
  /**
   * Knowledge distillation from an ensemble in each fold: the teachers are trained on the fold's training clips, like the model.
   *
   * @default none
   */
  readonly teachers?: Teachers | undefined;
  /** A whole cross-validation is run for each seed. @default [1] */
  readonly seeds?: readonly number[] | undefined;
  /**
   * Whether folds may test speakers that they train on; `'independent'` refuses such folds.
   *
   * @default 'independent'
   */
  readonly speakers?: SpeakerRule | undefined;
  /** More clips to train on, e.g. songs. With independent speakers, clips of a fold's test speakers are left out of that fold. */
  readonly extra?: ExampleSet | undefined;
  /**
   * Keeps the results of finished folds: a run that was stopped resumes after them, also with other seeds. `build` has to give the
   * same initial weights for the same seed.
   */
  readonly store?: CheckpointStore | undefined;
  /** Options of the confidence intervals. */
  readonly bootstrap?: BootstrapOptions | undefined;
  /**
   * What trains the folds: `trainingWorkers` of `speech-emotion/node` spreads them over threads, to the same results.
   *
   * @default one after the other, here
   */
  readonly executor?: TrainingExecutor | undefined;
  /**
   * Called for each fold, first those from the store, then the others as they are done (in order, unless an executor trains several
   * at a time), and with the progress of `train` meanwhile.
   */
  readonly onProgress?: ((progress: CrossValidateProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `train` for a cross-validation: nothing that chooses by results, nothing of a single run. */
export type FoldTrainingConfig = Omit<TrainingConfig, 'patience' | 'chooseBy' | 'teacher'>;

/** What {@link CrossValidateOptions.onProgress} is called with. */
export type CrossValidateProgress = FoldTrainingProgress | FoldProgress;

/** Progress in the training of a fold. */
export interface FoldTrainingProgress {
  /** What happened. */
  readonly type: 'training';
  /** The seed of the run. */
  readonly seed: number;
  /** The fold that is trained. */
  readonly fold: string;
  /** The progress of `train`. */
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
  /** Its result, not yet calibrated, since that takes the other folds. */
  readonly evaluation: Evaluation;
  /** Folds done, over all seeds. */
  readonly done: number;
  /** Folds in all, over all seeds. */
  readonly total: number;
  /** Whether the result came from the store. */
  readonly stored: boolean;
}

/**
 * Trains and tests a training configuration on each fold, for each seed, so that nothing leaks from a test fold into its training: the
 * normaliser is fitted on the fold's training clips, speed copies stay with their clip, the last epoch's weights are used, the
 * temperature is fitted on the other folds, folds that share clips (or speakers, unless `speakers` allows it) are refused, and
 * training clips that are the same recording as a tested one are left out. The result lists what was checked.
 *
 * @param data all clips
 * @param folds which of them to train on and to test on, e.g. `dataset.folds('actors5')`
 * @throws {RangeError | TypeError} when there are no folds or seeds, a fold names a clip that is not in the set, folds leak, a fold tests a
 *   label that it trains no clip of, the training configuration chooses by results, `build` gives no network, or an option is wrong
 * @throws {TrainingError} when the store is damaged or holds something else than this cross-validation's results, or training fails
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
    train: config = {},
    teachers,
    seeds = [1],
    speakers = 'independent',
    extra,
    store,
    bootstrap,
    executor = trainHere,
    onProgress,
    signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkTrainings(ACTION, { build, seeds, config, executor, store }, rest);
  checkOneOf(ACTION, 'speakers', speakers, ['independent', 'dependent']);
  checkChoosesNothing(config);
  if (teachers !== undefined) checkTeachers(ACTION, teachers);
  if (bootstrap !== undefined) resolveBootstrap(bootstrap, 'bootstrap');
  checkExamples(ACTION, data);
  if (extra !== undefined) checkExamples(ACTION, extra, 'extra');
  const contents = new ExampleContents();
  const sets = resolveFolds(data, folds, speakers, extra, contents);
  const fingerprint = store ? fingerprintOf(sets, config, teachers, contents) : '';
  const finished = await FoldResults.load(store, fingerprint, sets, signal);
  const hashes = store && (await networkHashes(ACTION, build, seeds, teachers?.seeds));
  const named = (seed: number, fold: string) => ({ seed, fold, networks: hashes?.get(seed) ?? '' });

  let done = 0;
  const tell = (seed: number, fold: string, stored: boolean) => {
    done++;
    const predictions = finished.get(named(seed, fold))!;
    onProgress?.({
      type: 'fold',
      seed,
      fold,
      evaluation: summarise(data.labels, [{ predictions, temperature: 1 }], bootstrap),
      done,
      total: seeds.length * sets.length,
      stored,
    });
  };
  const pairs = seeds.flatMap((seed) => sets.map((set) => ({ seed, set })));
  const pending = pairs.filter(({ seed, set }) => !finished.get(named(seed, set.name)));
  for (const pair of pairs) if (!pending.includes(pair)) tell(pair.seed, pair.set.name, true);
  signal?.throwIfAborted();
  const jobs = pending.map(({ seed, set: { training, test } }) => ({
    ...{ seed, training, test, config, teachers },
    keepModel: false,
  }));
  await executor(jobs, {
    build,
    signal,
    onProgress(job, progress) {
      const { seed, set } = pending[job]!;
      onProgress?.({ type: 'training', seed, fold: set.name, progress });
    },
    async onResult(job, { predictions, normalizer }) {
      const { seed, set } = pending[job]!;
      checkNormalizer(set.name, normalizer, set.training);
      await finished.add(named(seed, set.name), set, predictions);
      tell(seed, set.name, false);
    },
  });
  checkAllDone(ACTION, done, pairs.length);
  const predicted = seeds.map((seed) => ({
    seed,
    folds: sets.map(({ name }) => ({ name, predictions: finished.get(named(seed, name))! })),
  }));
  return combineFolds(data.labels, speakers, predicted, checksOf(sets, speakers), bootstrap);
}

const ACTION = 'cross-validate';

/** What has been checked when all folds are done, in words. */
function checksOf(sets: readonly ResolvedFold[], speakers: SpeakerRule): string[] {
  const copies = sets.filter(({ leftOut }) => leftOut.length > 0);
  return [
    'No clip is both trained on and tested in a fold, or tested by two folds.',
    speakers === 'independent'
      ? 'No speaker is both trained on and tested in a fold.'
      : 'Speakers are tested that are trained on, as the protocol has it.',
    'No tested recording is trained on under another name, and no copy of one: features compared by their content.',
    "Each fold's normaliser is that of its training clips.",
    'Nothing is chosen by a result: no validation set, no early stopping, the weights of the last epoch.',
    ...copies.map(
      ({ name, leftOut }) => `Left out of the training of ${name}, which tests the same: ${leftOut.join(', ')}.`,
    ),
  ];
}

/** Of all that the predictions depend on, except the networks: these are stored by seed, since a store serves all seeds. */
function fingerprintOf(
  sets: readonly ResolvedFold[],
  config: FoldTrainingConfig,
  teachers: Teachers | undefined,
  contents: ExampleContents,
): string {
  const print = new Fingerprint().addJson(teachers);
  for (const { name, training, test } of sets) {
    addTraining(print.addJson(name), resolveTrainOptions(training, config), training, {}, contents);
    addExamples(print, test, contents);
  }
  return print.toString();
}
