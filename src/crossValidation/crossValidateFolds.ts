// ExampleSet + folds → predictions of each fold, by a model that was trained on the others

import { checkOneOf, checkOptions } from '../core/check.ts';
import { Fingerprint } from '../core/fingerprint.ts';
import { summarise } from '../evaluation/evaluation.ts';
import { resolveBootstrap } from '../evaluation/speakerBootstrap.ts';
import { checkExamples } from '../exampleSet/checkExamples.ts';
import { addExamples, ExampleContents } from '../exampleSet/exampleContents.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { NamedFold, SpeakerRule } from '../exampleSet/namedFold.ts';
import { resolveTrainOptions } from '../training/resolveTrainOptions.ts';
import { addTraining } from '../training/trainingFingerprint.ts';
import { checkTrainings } from './checkTrainings.ts';
import type { CrossValidateOptions, FoldTrainingConfig } from './crossValidateOptions.ts';
import { type CrossValidation, combineFolds } from './crossValidation.ts';
import { FoldResults } from './foldResults.ts';
import { checkChoosesNothing, checkNormalizer } from './leakChecks.ts';
import { networkHashes } from './networkHashes.ts';
import { type ResolvedFold, resolveFolds } from './resolveFolds.ts';
import { checkAllDone, checkTeachers, type Teachers, trainHere } from './trainingJob.ts';

/** What `crossValidate` does, with its options. */
export async function crossValidateFolds(
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
