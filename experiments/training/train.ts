// RAVDESS → a trained model, evaluated on actors it has never heard: npm run train -- --data ZIP_OR_FOLDER

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  type Evaluation,
  evaluate,
  examplesOf,
  type RavdessDataset,
  saveModel,
  TrainingError,
  type TrainReport,
  train,
} from 'speech-emotion';
import { RAVDESS_FOLDS } from 'speech-emotion/corpora';
import { fileCheckpoint, modelDirectory } from 'speech-emotion/node';
import { page } from '../../cli/src/report/page.ts';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { numberList } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { evaluationSections } from '../report/evaluationSections.ts';
import { learningCurves } from '../report/learningCurves.ts';
import { printEvaluation } from '../report/printEvaluation.ts';
import { showTraining } from './showTraining.ts';
import { buildNetwork, RAVDESS, TRAINING_CONFIGS, VALIDATION_SHARE } from './trainingConfig.ts';

const config = TRAINING_CONFIGS.independent;

const USAGE = `
npm run train -- --data ZIP_OR_FOLDER [options]

Trains on RAVDESS and evaluates on actors that were used neither for training nor for validation. The same command resumes a run
that was stopped or killed.

  --data PATH          archive or folder of RAVDESS speech; given twice, songs too: those of training actors are trained on
  --skip-invalid       leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --out FOLDER         where the model, evaluation.json, report.html and the checkpoint go (default: runs/train)
  --fresh              starts over instead of resuming
  --actors LIST        only these actors, e.g. 1-6,9 (default: all)
  --test-actors LIST   held out for the evaluation (default: those of ${RAVDESS_FOLDS.actors5[0].join()} that are there)
  --epochs N           default: ${config.training.epochs}
  --batch-size N       default: ${config.training.batchSize}
  --seed N             default: 1
  --backend NAME       wasm, cpu or webgpu (default: wasm)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    out: { type: 'string', default: 'runs/train' },
    fresh: { type: 'boolean', default: false },
    actors: { type: 'string' },
    'test-actors': { type: 'string' },
    epochs: { type: 'string', default: String(config.training.epochs) },
    'batch-size': { type: 'string', default: String(config.training.batchSize) },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'wasm' },
  });
  const { data, out, fresh, backend } = options;
  if (data.length === 0) throw new UsageError('Cannot train: --data must name an archive or a folder of RAVDESS');
  const seed = wholeNumber('seed', options.seed);
  const epochs = wholeNumber('epochs', options.epochs);
  const batchSize = wholeNumber('batch-size', options['batch-size']);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes from here.');

  // Actors for training, for validation (they choose the best epoch), and for the test.
  const corpus = await openCorpus(data, options['skip-invalid']);
  const dataset = options.actors ? corpus.filter({ actors: numberList('actors', options.actors) }) : corpus;
  const speech = dataset.filter({ channel: 'speech' });
  const named = options['test-actors'] && numberList('test-actors', options['test-actors']);
  const { train: seen, test } = speech.splitByActor(named || defaultTestActors(speech));
  const validators = Math.round(VALIDATION_SHARE * seen.actors.length);
  const parts = validators > 0 ? seen.splitByActor({ actors: validators, seed }) : { train: seen, test: undefined };
  const songs = dataset.filter({ channel: 'song', actors: parts.train.actors });
  const actors = { train: parts.train.actors, validation: parts.test?.actors ?? [], test: test.actors };
  const list = (some: number[]) => some.join(', ') || 'none';
  console.log(
    `Trains on actors ${list(actors.train)}; validates on ${list(actors.validation)}; tests on ${list(actors.test)}.`,
  );

  const { features, speeds } = config;
  const examples = await cachedExamples(dataset, data, { features, speeds }, signal);
  const checkpoint = join(out, 'checkpoint.bin');
  if (fresh) await rm(checkpoint, { force: true });
  const network = buildNetwork(config, examples.examples[0]!.variants[0]!.bins, examples.labels.length, seed);
  const show = showTraining();
  const report = await train(network, examplesOf(examples, [...parts.train, ...songs]), {
    ...config.training,
    ...{ epochs, batchSize, seed, signal },
    validation: parts.test && examplesOf(examples, parts.test),
    checkpoint: { store: fileCheckpoint(checkpoint) },
    dataset: {
      ...RAVDESS,
      name: `RAVDESS ${songs.size > 0 ? 'speech and song' : 'speech'}, actors ${list(actors.train)}`,
    },
    onProgress: show.onProgress,
  })
    .catch(explainCheckpoint)
    .finally(show.stop);

  const protocol = `tested on actors ${list(actors.test)}, never heard in training or validation`;
  const evaluation = await evaluate(report.model, examplesOf(examples, test), { signal });
  printEvaluation(protocol, evaluation);
  await writeResults(out, { protocol, actors, seed, epochs, batchSize, backend }, report, evaluation);
  network.dispose();
});

/** The actors of the first published fold that are there. */
function defaultTestActors(dataset: RavdessDataset): number[] {
  const actors = RAVDESS_FOLDS.actors5[0].filter((actor) => dataset.actors.includes(actor));
  if (actors.length > 0 && actors.length < dataset.actors.length) return actors;
  throw new UsageError(`Cannot choose actors to test on: --test-actors must name some of ${dataset.actors}`);
}

/** A checkpoint of other options, data or weights cannot be resumed. */
function explainCheckpoint(error: unknown): never {
  if (!(error instanceof TrainingError && error.message.startsWith('Cannot resume'))) throw error;
  throw new UsageError(`${error.message}\nUse --fresh to start over, or another --out to keep both.`, { cause: error });
}

interface Setup {
  readonly protocol: string;
  readonly [name: string]: unknown;
}

async function writeResults(out: string, setup: Setup, report: TrainReport, evaluation: Evaluation): Promise<void> {
  const { protocol } = setup;
  const { history, bestEpoch, model } = report;
  const { uar, war, macroF1 } = evaluation;
  const training = { ...model.settings.training, evaluation: { protocol, metrics: { uar, war, macroF1 } } };
  await mkdir(out, { recursive: true });
  await saveModel({ ...model, settings: { ...model.settings, training } }, modelDirectory(join(out, 'model')));
  await writeFile(join(out, 'evaluation.json'), `${JSON.stringify({ ...setup, bestEpoch, history, evaluation })}\n`);
  const curves = {
    title: 'Learning curves',
    figures: [{ svg: await learningCurves(history, bestEpoch), alt: inWords(report) }],
  };
  const sections = [...(await evaluationSections('Evaluation', protocol, evaluation)), curves];
  await writeFile(join(out, 'report.html'), page('Training on RAVDESS', sections, RAVDESS.citation));
  const folder = relative('', out);
  console.log(`\nModel: ${folder}/model, figures: ${folder}/evaluation.json, charts: ${folder}/report.html`);
  console.log(`Try it: npx speech-emotion classify --model ${folder}/model FILE…`);
}

function inWords({ history, bestEpoch }: TrainReport): string {
  const [first, last] = [history[0], history.at(-1)];
  return `Training loss from ${first?.loss.toFixed(2)} to ${last?.loss.toFixed(2)} in ${history.length} epochs; kept: epoch ${bestEpoch}`;
}
