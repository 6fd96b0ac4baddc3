// RAVDESS, all actors → the model that ships with the package: npm run train:release -- --data ZIP_OR_FOLDER

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  averagePredictions,
  type ExampleSet,
  examplesOf,
  fitTemperature,
  fromArtifact,
  type ModelSettings,
  predictExamples,
  type TeacherOptions,
  type TrainedModel,
  toArtifact,
  train,
  trainEnsemble,
} from 'speech-emotion';
import { fileCheckpoint, openRavdess, trainingWorkers } from 'speech-emotion/node';
import { clipsOf } from '../../docs/figures/modelFigures.ts';
import { protocolFigures } from '../../docs/figures/protocolFigures.ts';
import { counted } from '../../docs/figures/words.ts';
import { useBackend } from './backend.ts';
import { cachedExamples } from './cachedExamples.ts';
import { interruptible, readArguments, recipeNamed, run, UsageError, wholeNumber, workersFor } from './commandLine.ts';
import { NETWORK, type NetworkParameters } from './networkWorker.ts';
import { percent } from './printEvaluation.ts';
import { showProgress } from './progress.ts';
import { buildNetwork, RAVDESS, RECIPES, type Recipe, recipeWith } from './recipe.ts';
import type { ResultFile } from './resultFile.ts';
import { showTraining } from './showTraining.ts';

const USAGE = `
npm run train:release -- --data ZIP_OR_FOLDER [options]

Trains the settled recipe on all clips of all actors: nothing is chosen, the last epoch counts. How well it does and how sure it may
be comes from the cross-validation of the same recipe, whose models had not heard the actors they were tested on. A run that is
stopped goes on where it was when the same command is given again.

  --data PATH       archive or folder of RAVDESS speech; given twice, songs too, for a recipe that trains on them
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
  const isMain = name === 'independent';
  const suffix = isMain ? '' : `-${name}`;
  const { results = `docs/results/si5${suffix}.json`, run: state = `runs/release${suffix}` } = options;
  if (data.length === 0) throw new UsageError('Cannot train: --data must name an archive or a folder of RAVDESS');
  const seed = wholeNumber('seed', options.seed);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command goes on from here.');

  const dataset = await openRavdess(data);
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
  const bytes = await pack(
    { network, settings: { ...model.settings, calibration, training } },
    out,
    isMain ? 'model' : name,
  );
  network.dispose();
  console.log(`${relative('', out)}: ${bytes} bytes of weights; temperature ${calibration.temperature.toFixed(3)}`);
  console.log(`Cross-validated: UAR ${percent(evaluation.metrics.uar!)}; ${evaluation.protocol}`);
});

/**
 * How sure a model of the recipe may be, and how well it does, by models that the same recipe made.
 *
 * @throws {UsageError} when the results are of another recipe or lack folds
 */
async function crossValidated(
  path: string,
  recipe: Recipe,
): Promise<
  Pick<ModelSettings, 'calibration'> & { readonly evaluation: { protocol: string; metrics: Record<string, number> } }
> {
  const file: ResultFile = JSON.parse(await readFile(path, 'utf8'));
  if (JSON.stringify(file.recipe) !== JSON.stringify(recipe)) {
    throw new UsageError(`Cannot calibrate: ${path} must hold results of the recipe that is trained, got another's`);
  }
  const figures = protocolFigures(file);
  if (!figures) throw new UsageError(`Cannot calibrate: ${path} must hold a seed with all folds, got none`);
  const { uar, war, macroF1, seeds } = figures.single;
  return {
    calibration: { temperature: fitTemperature(seeds.flatMap(clipsOf)) },
    evaluation: {
      protocol: `models of the same recipe, ${file.says}; mean of ${counted(seeds.length, 'seed')}`,
      metrics: { uar: uar.mean, war: war.mean, macroF1: macroF1.mean },
    },
  };
}

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
  return { probabilities, share: teachers!.share };
}

/** Writes the model with weights of 16 bits; what ships must load. */
async function pack(model: TrainedModel, folder: string, name: string): Promise<number> {
  const artifact = await toArtifact(model, { weightType: 'float16' });
  (await fromArtifact(artifact)).network.dispose();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), JSON.stringify(artifact.json));
  await writeFile(join(folder, `${name}.bin`), artifact.weights);
  return artifact.weights.length;
}
