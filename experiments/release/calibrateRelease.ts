// more results of its configuration → the shipped model, calibrated again with the same weights: npm run calibrate:release

import { type TrainedModel, toArtifact } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { configNamed } from '../commandLine.ts';
import { predictingAs } from '../training/keptModels.ts';
import { buildNetwork, TRAINING_CONFIGS, type TrainingConfig } from '../training/trainingConfig.ts';
import { crossValidated, readRelease, releaseNames, writeRelease } from './release.ts';

const USAGE = `
npm run calibrate:release -- [options]

Updates the temperature, the evaluation and the places that a window is averaged over, from results that have grown and a configuration
that has changed since the shipped model was trained, as npm run train:release would. Nothing is trained: the weights stay the same.

  --config NAME     independent, voices or small (default: independent)
  --results FILE    what npm run evaluate -- --protocol si5 wrote for that configuration (default: docs/results/si5.json, si5-CONFIG.json)
  --strangers FILE  what npm run evaluate -- --protocol loco wrote: the temperature is fitted to it where it is there
                    (default: docs/results/loco-CONFIG.json)
  --out FOLDER      where its .json and .bin are: model.*, ravdess.*, small.* (default: src/pretrained)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    config: { type: 'string', default: 'independent' },
    results: { type: 'string' },
    strangers: { type: 'string' },
    out: { type: 'string', default: 'src/pretrained' },
  });
  const name = configNamed(options.config);
  const names = releaseNames(name);
  const { results = names.results, strangers = names.strangers, out } = options;
  await useBackend('cpu');
  const model = await readRelease(out, names.model);
  const { network, settings } = model;
  const { epochs } = settings.training.options as { readonly epochs: number };
  const settled: TrainingConfig = TRAINING_CONFIGS[name];
  const config: TrainingConfig = { ...settled, training: { ...settled.training, epochs } };
  await checkIsOf(config, model);
  const { calibration, evaluation } = await crossValidated(results, config, strangers);
  const predicting = predictingAs(config.training, settings);
  const training = { ...predicting.training, evaluation };
  await writeRelease({ network, settings: { ...predicting, calibration, training } }, out, names.model);
  network.dispose();
});

/** @throws {UsageError} when the model's network is not what the configuration builds */
async function checkIsOf(config: TrainingConfig, { network, settings }: TrainedModel): Promise<void> {
  const { seed } = settings.training.options as { readonly seed: number };
  const [, , bins] = network.inputs[0]!.shape;
  const built = buildNetwork(config, bins!, settings.labels.length, seed);
  const topologies = await Promise.all(
    [network, built].map(async (one) =>
      JSON.stringify((await toArtifact({ network: one, settings })).json.modelTopology),
    ),
  );
  built.dispose();
  if (topologies[0] !== topologies[1])
    throw new UsageError('Cannot calibrate: the model must have the network of the configuration, got another');
}
