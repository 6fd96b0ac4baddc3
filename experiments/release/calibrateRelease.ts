// more results of the recipe → the model that ships, its weights as they are: npm run calibrate:release

import { type TrainedModel, toArtifact } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { recipeNamed } from '../commandLine.ts';
import { buildNetwork, RECIPES, type Recipe } from '../training/trainingConfig.ts';
import { crossValidated, readRelease, releaseNames, writeRelease } from './release.ts';

const USAGE = `
npm run calibrate:release -- [options]

Gives the model that ships the temperature and the evaluation of results that have grown since it was trained, as npm run train:release
would. Nothing is trained: the weights stay.

  --recipe NAME     independent, or small (default: independent)
  --results FILE    what npm run evaluate -- --protocol si5 wrote of that recipe (default: docs/results/si5.json, si5-small.json)
  --out FOLDER      where the model lies: model.json and model.bin, or small.json and small.bin (default: src/pretrained)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    recipe: { type: 'string', default: 'independent' },
    results: { type: 'string' },
    out: { type: 'string', default: 'src/pretrained' },
  });
  const name = recipeNamed(options.recipe);
  const names = releaseNames(name);
  const { results = names.results, out } = options;
  await useBackend('cpu');
  const model = await readRelease(out, names.model);
  const { network, settings } = model;
  const { epochs } = settings.training.options as { readonly epochs: number };
  const settled: Recipe = RECIPES[name];
  const recipe: Recipe = { ...settled, training: { ...settled.training, epochs } };
  await checkIsOf(recipe, model);
  const { calibration, evaluation } = await crossValidated(results, recipe);
  const training = { ...settings.training, evaluation };
  await writeRelease({ network, settings: { ...settings, calibration, training } }, out, names.model);
  network.dispose();
});

/** @throws {UsageError} when the model's network is not what the recipe builds */
async function checkIsOf(recipe: Recipe, { network, settings }: TrainedModel): Promise<void> {
  const { seed } = settings.training.options as { readonly seed: number };
  const [, , bins] = network.inputs[0]!.shape;
  const built = buildNetwork(recipe, bins!, settings.labels.length, seed);
  const topologies = await Promise.all(
    [network, built].map(async (one) =>
      JSON.stringify((await toArtifact({ network: one, settings })).json.modelTopology),
    ),
  );
  built.dispose();
  if (topologies[0] !== topologies[1])
    throw new UsageError('Cannot calibrate: the model must be of the recipe, got one of another network');
}
