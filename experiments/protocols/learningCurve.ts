// RAVDESS + numbers of training actors → how well the recipe does with each: npm run learning-curve -- --data ZIP_OR_FOLDER

import { join, relative } from 'node:path';
import type { Fold, RavdessDataset } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { numberList, recipeNamed, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { percent } from '../report/printEvaluation.ts';
import { pointStore } from '../results/resultStore.ts';
import { RunRecord } from '../results/runRecord.ts';
import { RECIPES, recipeWith } from '../training/trainingConfig.ts';
import { crossValidateRecipe, foldStore } from './crossValidateConfig.ts';
import { PROTOCOLS, withSongs } from './protocols.ts';

const USAGE = `
npm run learning-curve -- --data ZIP_OR_FOLDER [options]

Cross-validates the recipe on the five speaker-independent folds with only some of each fold's training actors, as many of either sex
as can be, drawn at random. What is tested stays the same. Folds that are done are kept: the same command goes on after them. So are
the points of the same recipe that are there: those of other numbers of actors join them.

  --data PATH        archive or folder of RAVDESS speech; given twice, songs too, for a recipe that trains on them
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that are there twice and differ
  --actors LIST      numbers of training actors (default: 4,8,12,16)
  --seed LIST        one whole cross-validation for each (default: 1)
  --recipe NAME      independent or small (default: independent)
  --epochs N         default: the recipe's
  --out FOLDER       where learning-curve.json goes (default: runs/learning-curve)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained side by side, each by a thread of its own (default: one a core; 1 with webgpu)
`;

const { says: folds, speakers } = PROTOCOLS.si5!;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    actors: { type: 'string', default: '4,8,12,16' },
    seed: { type: 'string', default: '1' },
    recipe: { type: 'string', default: 'independent' },
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
  const settled = RECIPES[recipeNamed(options.recipe)];
  const epochs = wholeNumber('epochs', options.epochs ?? String(settled.training.epochs));
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command goes on after the folds that are done.');

  const dataset = await openCorpus(data, options['skip-invalid']);
  const speech = dataset.filter({ channel: 'speech' });
  const songs = dataset.filter({ channel: 'song' });
  const recipe = recipeWith(settled, songs, { epochs });
  const { features, speeds } = recipe;
  const examples = await cachedExamples(dataset, data, { features, speeds }, signal);
  const says = `${folds}; only some of each fold's training actors`;
  const path = join(out, 'learning-curve.json');
  for (const actors of counts) {
    const fewer = speech.folds('actors5').map((fold) => withFewerActors(fold, actors));
    const head = { protocol: 'si5', says, recipe, labels: examples.labels };
    const record = new RunRecord(pointStore(path, actors), head, backend);
    const result = await crossValidateRecipe(
      recipe,
      examples,
      fewer.map((fold) => (recipe.songs ? withSongs(fold, songsOf(fold, songs), speakers) : fold)),
      {
        ...{ seeds, speakers, backend, workers, signal },
        store: foldStore('runs/folds', [actors, recipe]),
        onProgress: record.take,
      },
    );
    console.log(`${actors} training actors: UAR ${percent(result.uar.mean)}`);
    record.finish(result.checks);
  }
  console.log(`Probabilities: ${relative('', path)}`);
});

/** The fold with so many of its training actors. */
function withFewerActors(fold: Fold<RavdessDataset>, actors: number): Fold<RavdessDataset> {
  if (actors >= fold.train.actors.length) {
    throw new UsageError(`Cannot draw actors: --actors must be below ${fold.train.actors.length}, got ${actors}`);
  }
  return { ...fold, train: fold.train.splitByActor({ actors, seed: 1 }).test };
}

/** Songs of those who are trained on: of nobody else. */
function songsOf({ train }: Fold<RavdessDataset>, songs: RavdessDataset): RavdessDataset {
  return songs.filter(({ metadata }) => train.actors.includes(metadata.actor));
}
