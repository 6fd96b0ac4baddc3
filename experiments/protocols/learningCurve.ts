// RAVDESS + numbers of training actors → UAR against the number of training actors: npm run learning-curve -- --data ZIP_OR_FOLDER

import { join, relative } from 'node:path';
import type { RavdessDataset } from 'speech-emotion';
import type { Fold } from 'speech-emotion/corpora';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { configNamed, numberList, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { percent } from '../report/printEvaluation.ts';
import { pointStore } from '../results/resultStore.ts';
import { RunRecord } from '../results/runRecord.ts';
import { configWith, TRAINING_CONFIGS } from '../training/trainingConfig.ts';
import { crossValidateConfig, foldStore } from './crossValidateConfig.ts';
import { PROTOCOLS, withSongs } from './protocols.ts';

const USAGE = `
npm run learning-curve -- --data ZIP_OR_FOLDER [options]

Cross-validates a training configuration on the five speaker-independent folds with only some of each fold's training actors, drawn at
random and balanced by sex as far as possible. The test clips stay the same. Folds that are done are kept: the same command resumes
after them. Points for other numbers of actors are added to those of the same configuration that the file already holds.

  --data PATH        archive or folder of RAVDESS speech; given twice, songs too, for a configuration that trains on them
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --actors LIST      numbers of training actors (default: 4,8,12,16)
  --seed LIST        one whole cross-validation for each (default: 1)
  --config NAME      independent or small (default: independent)
  --epochs N         default: the configuration's
  --out FOLDER       where learning-curve.json goes (default: runs/learning-curve)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained in parallel, each in its own thread (default: one per core; 1 with webgpu)
`;

const { description: folds, speakers } = PROTOCOLS.si5!;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    actors: { type: 'string', default: '4,8,12,16' },
    seed: { type: 'string', default: '1' },
    config: { type: 'string', default: 'independent' },
    epochs: { type: 'string' },
    out: { type: 'string', default: 'runs/learning-curve' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string' },
  });
  const { data, backend, out } = options;
  if (data.length === 0) throw new UsageError('Cannot train: --data must name an archive or a folder of RAVDESS');
  const counts = numberList('actors', options.actors);
  const seeds = numberList('seed', options.seed);
  const workers = workersFor(backend, options.workers);
  const settled = TRAINING_CONFIGS[configNamed(options.config)];
  const epochs = wholeNumber('epochs', options.epochs ?? String(settled.training.epochs));
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes after the folds that are done.');

  const dataset = await openCorpus(data, options['skip-invalid']);
  const speech = dataset.filter({ channel: 'speech' });
  const songs = dataset.filter({ channel: 'song' });
  const config = configWith(settled, songs, { epochs });
  const { features, speeds } = config;
  const examples = await cachedExamples(dataset, data, { features, speeds }, signal);
  const description = `${folds}; only some of each fold's training actors`;
  const path = join(out, 'learning-curve.json');
  for (const actors of counts) {
    const fewer = speech.folds('actors5').map((fold) => withFewerActors(fold, actors));
    const head = { protocol: 'si5', description, config, labels: examples.labels };
    const record = new RunRecord(pointStore(path, actors), head, backend);
    const result = await crossValidateConfig(
      config,
      examples,
      fewer.map((fold) => (config.songs ? withSongs(fold, songsOf(fold, songs), speakers) : fold)),
      {
        ...{ seeds, speakers, backend, workers, signal },
        store: foldStore('runs/folds', [actors, config]),
        onProgress: record.take,
      },
    );
    console.log(`${actors} training actors: UAR ${percent(result.uar.mean)}`);
    await record.finish(result.checks);
  }
  console.log(`Probabilities: ${relative('', path)}`);
});

/** The fold, trained on only so many actors. */
function withFewerActors(fold: Fold<RavdessDataset>, actors: number): Fold<RavdessDataset> {
  if (actors >= fold.train.actors.length) {
    throw new UsageError(`Cannot draw actors: --actors must be below ${fold.train.actors.length}, got ${actors}`);
  }
  return { ...fold, train: fold.train.splitByActor({ actors, seed: 1 }).test };
}

/** The songs of the training actors. */
function songsOf({ train }: Fold<RavdessDataset>, songs: RavdessDataset): RavdessDataset {
  return songs.filter(({ metadata }) => train.actors.includes(metadata.actor));
}
