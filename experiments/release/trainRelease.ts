// RAVDESS, all actors → the model that ships with the package: npm run train:release -- --data ZIP_OR_FOLDER

import { join } from 'node:path';
import {
  type ExampleSet,
  examplesOf,
  type LabelledDataset,
  type TeacherOptions,
  train,
  trainEnsemble,
} from 'speech-emotion';
import { CORPORA, mergeDatasets } from 'speech-emotion/corpora';
import { averagePredictions, predictExamples } from 'speech-emotion/evaluation';
import { fileCheckpoint, trainingWorkers } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { showProgress } from '../../examples/node/progress.ts';
import { configNamed, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { openCorpus, openOtherCorpora } from '../corpus/openCorpus.ts';
import { NETWORK, type NetworkParameters } from '../training/networkWorker.ts';
import { showTraining } from '../training/showTraining.ts';
import {
  buildNetwork,
  configWith,
  RAVDESS,
  TRAINING_CONFIGS,
  type TrainingConfig,
} from '../training/trainingConfig.ts';
import { crossValidated, releaseNames, writeRelease } from './release.ts';

const USAGE = `
npm run train:release -- --data ZIP_OR_FOLDER [options]

Trains a configuration on all clips of all actors: nothing is chosen, the weights of the last epoch count. Its evaluation and its
calibration come from the cross-validation of the same configuration, whose models had not heard the actors they were tested on. The
same command resumes a run that was stopped.

  --data PATH       archive or folder of RAVDESS speech; given twice, songs too, for a configuration that trains on them
  --corpora PATH    folder or archives of other corpora, for a configuration that trains on them, too
  --skip-invalid    leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --config NAME     independent, voices for several corpora, or small for a model of less than 300 kB (default: independent)
  --results FILE    what npm run evaluate -- --protocol si5 wrote for that configuration (default: docs/results/si5.json, si5-CONFIG.json)
  --strangers FILE  what npm run evaluate -- --protocol loco wrote: the temperature is fitted to it where it is there
                    (default: docs/results/loco-CONFIG.json)
  --run FOLDER      where checkpoints are kept (default: runs/release, runs/release-CONFIG)
  --out FOLDER      where its .json and .bin go: model.*, ravdess.*, small.* (default: src/pretrained)
  --epochs N        default: the configuration's
  --seed N          default: 1
  --backend NAME    wasm, cpu or webgpu (default: wasm)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    corpora: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    config: { type: 'string', default: 'independent' },
    results: { type: 'string' },
    strangers: { type: 'string' },
    run: { type: 'string' },
    out: { type: 'string', default: 'src/pretrained' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'wasm' },
  });
  const { data, corpora, backend, out } = options;
  const name = configNamed(options.config);
  const names = releaseNames(name);
  const { results = names.results, strangers = names.strangers, run: state = names.run } = options;
  if (data.length === 0) throw new UsageError('Cannot train: --data must name an archive or a folder of RAVDESS');
  const seed = wholeNumber('seed', options.seed);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes from here.');

  const dataset = await openCorpus(data, options['skip-invalid']);
  const songs = dataset.filter({ channel: 'song' });
  const settled = TRAINING_CONFIGS[name];
  const epochs = wholeNumber('epochs', options.epochs ?? String(settled.training.epochs));
  const config = configWith(settled, songs, { epochs });
  const { calibration, evaluation } = await crossValidated(results, config, strangers);
  const { features, speeds } = config;
  const others = corpora.length > 0 ? await openOtherCorpora(corpora) : undefined;
  const clips = others ? mergeDatasets([dataset, others]) : dataset;
  const all = await cachedExamples(clips, [...data, ...corpora], { features, speeds }, signal);
  const spoken = [...clips].filter(({ groups }) => groups.vocalChannel !== 'song');
  const examples = config.songs ? all : examplesOf(all, spoken);
  const { actors } = dataset;
  const beside = others ? ` and ${others.speakers.length} speakers of ${others.corpora.join(', ')}` : '';
  console.log(`Trains on ${examples.examples.length} clips of ${actors.length} actors${beside}.`);

  const circumstances = { config, examples, run: state, backend, signal };
  const teacher = config.teachers && (await teach(circumstances));
  const network = buildNetwork(config, examples.examples[0]!.variants[0]!.bins, examples.labels.length, seed);
  const show = showTraining();
  const { model } = await train(network, examples, {
    ...{ ...config.training, seed, signal, onProgress: show.onProgress },
    ...(teacher && { teacher }),
    checkpoint: { store: fileCheckpoint(join(state, 'checkpoint.bin')) },
    dataset: {
      name: `RAVDESS ${config.songs ? 'speech and song' : 'speech'}, ${actors.length} actors${beside}`,
      licence: [RAVDESS.licence, ...of(others, 'licence')].join('; '),
      citation: [RAVDESS.citation, ...of(others, 'citation')].join('\n'),
    },
  }).finally(show.stop);
  const training = { ...model.settings.training, evaluation };
  await writeRelease({ network, settings: { ...model.settings, calibration, training } }, out, names.model);
  network.dispose();
});

/** What the corpora of other clips say of themselves, each beside its title where it has a licence of its own. */
function of(others: LabelledDataset | undefined, what: 'licence' | 'citation'): string[] {
  const known = Object.values(CORPORA).filter(({ title }) => others?.corpora.includes(title));
  return known.map((corpus) => (what === 'licence' ? `${corpus.title}: ${corpus.licence}` : corpus.citation));
}

interface Circumstances {
  readonly config: TrainingConfig;
  readonly examples: ExampleSet;
  readonly run: string;
  readonly backend: string;
  readonly signal: AbortSignal;
}

/** Trains the teachers, as each fold of a cross-validation does, and averages their predictions for all clips. */
async function teach({ config, examples, run, backend, signal }: Circumstances): Promise<TeacherOptions> {
  const { network, training, teachers } = config;
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
  const predictions = [];
  for (const { model } of reports) {
    predictions.push(await predictExamples(model, examples, { signal }));
    model.network.dispose();
  }
  const probabilities = new Map(averagePredictions(predictions).map((clip) => [clip.name, clip.probabilities]));
  return { probabilities, weight: teachers!.share };
}
