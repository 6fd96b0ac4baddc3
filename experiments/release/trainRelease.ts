// RAVDESS, all actors → the model that ships with the package: npm run train:release -- --data ZIP_OR_FOLDER

import { join } from 'node:path';
import {
  averagePredictions,
  type ExampleSet,
  examplesOf,
  predictExamples,
  type TeacherOptions,
  train,
  trainEnsemble,
} from 'speech-emotion';
import { fileCheckpoint, trainingWorkers } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { showProgress } from '../../examples/node/progress.ts';
import { recipeNamed, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { NETWORK, type NetworkParameters } from '../training/networkWorker.ts';
import { showTraining } from '../training/showTraining.ts';
import { buildNetwork, RAVDESS, RECIPES, type Recipe, recipeWith } from '../training/trainingConfig.ts';
import { crossValidated, releaseNames, writeRelease } from './release.ts';

const USAGE = `
npm run train:release -- --data ZIP_OR_FOLDER [options]

Trains the settled recipe on all clips of all actors: nothing is chosen, the last epoch counts. How well it does and how sure it may
be comes from the cross-validation of the same recipe, whose models had not heard the actors they were tested on. A run that is
stopped goes on where it was when the same command is given again.

  --data PATH       archive or folder of RAVDESS speech; given twice, songs too, for a recipe that trains on them
  --skip-invalid    leaves out files that are no clips of RAVDESS, and clips that are there twice and differ
  --recipe NAME     independent, or small for a model of less than 300 kB (default: independent)
  --results FILE    what npm run evaluate -- --protocol si5 wrote of that recipe (default: docs/results/si5.json, si5-small.json)
  --run FOLDER      where the state of the run is kept (default: runs/release, runs/release-small)
  --out FOLDER      where model.json and model.bin, or small.json and small.bin, go (default: src/pretrained)
  --epochs N        default: the recipe's
  --seed N          default: 1
  --backend NAME    wasm, cpu or webgpu (default: wasm)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    recipe: { type: 'string', default: 'independent' },
    results: { type: 'string' },
    run: { type: 'string' },
    out: { type: 'string', default: 'src/pretrained' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'wasm' },
  });
  const { data, backend, out } = options;
  const name = recipeNamed(options.recipe);
  const names = releaseNames(name);
  const { results = names.results, run: state = names.run } = options;
  if (data.length === 0) throw new UsageError('Cannot train: --data must name an archive or a folder of RAVDESS');
  const seed = wholeNumber('seed', options.seed);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command goes on from here.');

  const dataset = await openCorpus(data, options['skip-invalid']);
  const songs = dataset.filter({ channel: 'song' });
  const settled = RECIPES[name];
  const epochs = wholeNumber('epochs', options.epochs ?? String(settled.training.epochs));
  const recipe = recipeWith(settled, songs, { epochs });
  const { calibration, evaluation } = await crossValidated(results, recipe);
  const { features, speeds } = recipe;
  const all = await cachedExamples(dataset, data, { features, speeds }, signal);
  const examples = recipe.songs ? all : examplesOf(all, dataset.filter({ channel: 'speech' }));
  console.log(`Trains on ${examples.examples.length} clips of ${dataset.actors.length} actors.`);

  const circumstances = { recipe, examples, run: state, backend, signal };
  const teacher = recipe.teachers && (await teach(circumstances));
  const network = buildNetwork(recipe, examples.examples[0]!.variants[0]!.bins, examples.labels.length, seed);
  const show = showTraining();
  const { model } = await train(network, examples, {
    ...{ ...recipe.training, seed, signal, onProgress: show.onProgress },
    ...(teacher && { teacher }),
    checkpoint: { store: fileCheckpoint(join(state, 'checkpoint.bin')) },
    dataset: {
      ...RAVDESS,
      name: `RAVDESS ${recipe.songs ? 'speech and song' : 'speech'}, ${dataset.actors.length} actors`,
    },
  }).finally(show.stop);
  const training = { ...model.settings.training, evaluation };
  await writeRelease({ network, settings: { ...model.settings, calibration, training } }, out, names.model);
  network.dispose();
});

interface Circumstances {
  readonly recipe: Recipe;
  readonly examples: ExampleSet;
  readonly run: string;
  readonly backend: string;
  readonly signal: AbortSignal;
}

/** Trains the teachers, as each fold of a cross-validation does, and has them speak of all clips. */
async function teach({ recipe, examples, run, backend, signal }: Circumstances): Promise<TeacherOptions> {
  const { network, training, teachers } = recipe;
  const bins = examples.examples[0]!.variants[0]!.bins;
  const classes = examples.labels.length;
  const parameters: NetworkParameters = { backend, network, bins, classes };
  const progress = showProgress('Teachers', teachers!.seeds.length);
  const shares = new Map<number, number>();
  const reports = await trainEnsemble(examples, {
    build: (seed) => buildNetwork({ network }, bins, classes, seed),
    seeds: teachers!.seeds,
    train: training,
    store: fileCheckpoint(join(run, 'teachers.bin')),
    executor: trainingWorkers(NETWORK, { workers: workersFor(backend), parameters }),
    signal,
    onProgress(event) {
      if (event.type === 'member') progress.log(`Teacher ${event.done} of ${event.total} is trained.`);
      else if (event.progress.type === 'epoch') {
        const { epoch, epochs, record } = event.progress;
        shares.set(event.seed, epoch / epochs);
        progress.update([...shares.values()].reduce((sum, share) => sum + share, 0));
        progress.log(`Teacher of seed ${event.seed}: epoch ${epoch} of ${epochs}, loss ${record.loss.toFixed(3)}`);
      }
    },
  }).finally(() => progress.stop());
  const said = [];
  for (const { model } of reports) {
    said.push(await predictExamples(model, examples, { signal }));
    model.network.dispose();
  }
  const probabilities = new Map(averagePredictions(said).map((clip) => [clip.name, clip.probabilities]));
  return { probabilities, weight: teachers!.share };
}
