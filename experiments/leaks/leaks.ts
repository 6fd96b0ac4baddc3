// RAVDESS → docs/results/leaks.json, what each leak that public code has makes of the speaker-dependent figure: npm run leaks -- --data ZIP_OR_FOLDER

import { rm } from 'node:fs/promises';
import { examplesOf, selectExamples } from 'speech-emotion';
import { checkLeaks, type LeakType, type SplitFold } from 'speech-emotion/evaluation';
import { fileCheckpoint } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { numberList } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { originalName } from '../corpus/changedClips.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { foldStore } from '../protocols/crossValidateConfig.ts';
import { PROTOCOLS } from '../protocols/protocols.ts';
import { percent } from '../report/printEvaluation.ts';
import { resultStore } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { showTraining } from '../training/showTraining.ts';
import { TRAINING_CONFIGS, type TrainingConfig } from '../training/trainingConfig.ts';
import { leakingCopies } from './copies.ts';
import { type LeakRun, type LeaksFile, type LeakWay, WAYS } from './leaksFile.ts';
import { type ExampleFold, leakyFold } from './leakyFold.ts';
import { trainLeaky } from './trainLeaky.ts';

const USAGE = `
npm run leaks -- --data ZIP_OR_FOLDER [options]

Trains the speaker-dependent configuration on folds of sd10, once as it should be and once for each leak that public code was seen to
have, each alone and all together; what is tested stays the same. Results are added to the file training by training, those that are
in it are not run again, and a training that was stopped goes on where it was: the same command resumes.

  --data PATH        archive or folder of RAVDESS speech
  --only LIST        only these: ${Object.keys(WAYS).join(', ')}
  --folds LIST       of sd10, counted from 0 (default: 0-1)
  --seed LIST        default: 1
  --epochs N         default: 80, half of the configuration's, for time
  --out FILE         default: docs/results/leaks.json
  --backend NAME     wasm, cpu or webgpu (default: wasm)
`;

const { description, speakers, folds: foldsOf } = PROTOCOLS.sd10!;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    folds: { type: 'string', default: '0-1' },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '80' },
    out: { type: 'string', default: 'docs/results/leaks.json' },
    backend: { type: 'string', default: 'wasm' },
  });
  const { data, out } = options;
  if (data.length === 0) throw new UsageError('Cannot leak: --data must name an archive or a folder of RAVDESS');
  const ways = waysOf(options.only);
  const seeds = numberList('seed', options.seed);
  const { dependent } = TRAINING_CONFIGS;
  const training = { ...dependent.training, epochs: wholeNumber('epochs', options.epochs) };
  const config: TrainingConfig = { ...dependent, training };
  const store = resultStore<LeaksFile>(out, 'runs');
  const before = store.read();
  if (before && JSON.stringify(before.config) !== JSON.stringify(config)) {
    throw new UsageError(`Cannot write ${out}: it holds results of another configuration; give another --out`);
  }
  await useBackend(options.backend);
  const signal = interruptible('Stopped. The same command goes on where it was.');

  const speech = (await openCorpus(data, false)).filter({ channel: 'speech' });
  const { features } = config;
  const examples = await cachedExamples(speech, data, { features, speeds: [] }, signal);
  const all = foldsOf({ speech });
  const folds = numberList('folds', options.folds).map((number) => {
    if (all[number]) return all[number];
    throw new UsageError(`Cannot leak: --folds must be from 0 to ${all.length - 1}, got ${number}`);
  });
  const tested = new Set(folds.flatMap(({ test }) => Array.from(test, ({ name }) => name)));
  const copied = speech.filter(({ name }) => tested.has(name));
  const copies = await leakingCopies(copied, examplesOf(examples, copied), data, config, signal);
  const trainings = folds
    .map(({ name, train, test }) =>
      withoutLeaks({ name, train: examplesOf(examples, train), test: examplesOf(examples, test) }),
    )
    .flatMap((fold) => seeds.flatMap((seed) => ways.map((way) => ({ fold, seed, way }))));
  for (const { fold, seed, way } of trainings) {
    const runs = store.read()?.runs ?? [];
    if (runs.some((run) => run.way === way && run.fold === fold.name && run.seed === seed)) continue;
    const title = `${way}, ${fold.name}, seed ${seed}`;
    console.log(`\n${title}: ${WAYS[way]}`);
    const leaky = leakyFold(fold, way, copies, seed);
    const checkpoint = foldStore('runs/leaks', [way, fold.name, seed, config]);
    const { onProgress, stop } = showTraining(title);
    const circumstances = { seed, store: fileCheckpoint(checkpoint), onProgress, signal };
    const result = await trainLeaky(config, leaky, fold.train, circumstances).finally(stop);
    const line: LeakRun = {
      ...{ way, seed, fold: fold.name, trained: leaky.train.examples.length, tested: leaky.test.examples.length },
      ...{ leaks: countLeaks(leaky), ...result, commit: revision() },
    };
    await store.write({ protocol: 'sd10', description, config, ways: WAYS, runs: [...runs, line] });
    await rm(checkpoint, { force: true });
    const { uarByEpoch, uarOfTraining } = result;
    console.log(
      `${title}: UAR ${percent(uarByEpoch.at(-1)!)}, of the best epoch ${percent(Math.max(...uarByEpoch))}, ` +
        `of the training clips ${percent(uarOfTraining)}`,
    );
  }
});

function waysOf(only = Object.keys(WAYS).join(',')): LeakWay[] {
  return only.split(',').map((name) => {
    if (name in WAYS) return name as LeakWay;
    throw new UsageError(`Cannot leak: --only must be of ${Object.keys(WAYS).join(', ')}, got '${name}'`);
  });
}

/** What leaks in a fold as it stands: the same take under another name is one. */
function leaksIn({ name, train, test }: ExampleFold, normalizer?: SplitFold['normalizer']) {
  const fold = { ...{ name, train: train.examples, test: test.examples }, normalizer };
  return checkLeaks([fold], { speakers, takeOf: originalName });
}

/** The fold without training clips that are tested, too: RAVDESS itself holds one recording under two names. */
function withoutLeaks(fold: ExampleFold): ExampleFold {
  const leaking = new Set(leaksIn(fold).map(({ trained }) => trained));
  return { ...fold, train: selectExamples(fold.train, ({ name }) => !leaking.has(name)) };
}

function countLeaks({ normalizer, ...fold }: ReturnType<typeof leakyFold>): Partial<Record<LeakType, number>> {
  const counts: Partial<Record<LeakType, number>> = {};
  for (const { type } of leaksIn(fold, normalizer?.toJSON())) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
