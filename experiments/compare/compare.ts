// RAVDESS → all surveyed systems under one protocol: npm run compare -- --data ZIP_OR_FOLDER

import { join, relative } from 'node:path';
import { type ExampleSet, presets, type RavdessDataset, type Recording } from 'speech-emotion';
import { fileCheckpoint } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { showProgress } from '../../examples/node/progress.ts';
import { numberList, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { once } from '../corpus/once.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { crossValidateConfig, foldStore } from '../protocols/crossValidateConfig.ts';
import { PROTOCOLS } from '../protocols/protocols.ts';
import { percent } from '../report/printEvaluation.ts';
import type { ComparedSystem, SystemsFile } from '../results/resultFile.ts';
import { readResult, runStore } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { RunRecord } from '../results/runRecord.ts';
import { buildNetwork, type TrainingConfig } from '../training/trainingConfig.ts';
import { CONVENTIONAL, classifyStandardised, type Labelled } from './conventional/classifiers.ts';
import { functionals } from './conventional/functionals.ts';
import { systemScores } from './systemScores.ts';

const PROTOCOL = 'si5';

const USAGE = `
npm run compare -- --data ZIP_OR_FOLDER [options]

Trains every preset and every conventional classifier under one protocol, ${PROTOCOLS[PROTOCOL]!.description}: the same
features, speed copies, augmentation, number of epochs and seeds for all networks. The weights of the last epoch count, and nothing is
chosen on a test fold. Systems and folds that are done are kept: the same command resumes after them.

  --data PATH        archive or folder of RAVDESS speech
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --only LIST        trains these, even if they are done, of ${[...Object.keys(presets), ...Object.keys(CONVENTIONAL)].join(', ')}
  --seed LIST        default: 1
  --epochs N         default: 40
  --batch-size N     default: 32
  --out FOLDER       where systems.json goes (default: runs/compare)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained in parallel, each in its own thread (default: one per core; 1 with webgpu)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '40' },
    'batch-size': { type: 'string', default: '32' },
    out: { type: 'string', default: 'runs/compare' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string' },
  });
  const { data, backend, out } = options;
  if (data.length === 0) throw new UsageError('Cannot compare: --data must name an archive or a folder of RAVDESS');
  const known = [...Object.keys(presets), ...Object.keys(CONVENTIONAL)];
  const names = options.only?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new UsageError(`Cannot compare: --only must name some of ${known.join(', ')}, got ${unknown}`);
  const seeds = numberList('seed', options.seed);
  const training = {
    epochs: wholeNumber('epochs', options.epochs),
    batchSize: wholeNumber('batch-size', options['batch-size']),
  };
  const workers = workersFor(backend, options.workers);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes after the folds that are done.');

  const speech = (await openCorpus(data, options['skip-invalid'])).filter({ channel: 'speech' });
  const shared = { features: {}, speeds: [0.88, 0.94, 1.06, 1.12], songs: false, training };
  // Computed once, for the first system that needs them.
  const examples = once(() =>
    cachedExamples(speech, data, { features: shared.features, speeds: shared.speeds }, signal),
  );
  const vectors = once(() => functionalsOf(speech, signal));
  const circumstances = { speech, examples, vectors, seeds, backend, workers, signal };
  const file = join(out, 'systems.json');
  const store = fileCheckpoint(file); // written atomically
  const before = readResult<SystemsFile>(file);
  const head = { protocol: PROTOCOL, description: PROTOCOLS[PROTOCOL]!.description, seeds, ...shared };
  const same = ({ protocol, seeds, features, speeds, training }: Omit<SystemsFile, 'systems' | 'commit'>) =>
    JSON.stringify([protocol, seeds, features, speeds, training]);
  if (before && same(before) !== same(head)) {
    throw new UsageError(
      `Cannot write ${file}: it holds a comparison under other conditions; remove it or give another --out`,
    );
  }

  let systems = before?.systems ?? [];
  for (const name of names) {
    if (!options.only && systems.some((done) => done.name === name)) continue;
    const preset = Object.entries(presets).find(([own]) => own === name)?.[1];
    const system = preset
      ? await ofNetwork(name, { ...shared, network: preset }, circumstances)
      : await ofConventional(name, circumstances);
    systems = known.flatMap((own) => (own === name ? [system] : systems.filter((other) => other.name === own)));
    const text = `${JSON.stringify({ ...head, commit: revision(), systems }, null, 1)}\n`;
    await store.save(new TextEncoder().encode(text));
    console.log(
      `${name}: UAR ${percent(system.uar)}, WAR ${percent(system.war)}, ${system.trainSeconds} s of training`,
    );
  }
  console.log(`Results: ${relative('', file)}`);
});

interface Circumstances {
  readonly speech: RavdessDataset;
  readonly examples: () => Promise<ExampleSet>;
  /** By the clip's name. */
  readonly vectors: () => Promise<ReadonlyMap<string, Float64Array>>;
  readonly seeds: readonly number[];
  readonly backend: string;
  readonly workers: number;
  readonly signal: AbortSignal;
}

async function ofNetwork(
  name: string,
  config: TrainingConfig,
  { speech, examples: prepared, seeds, backend, workers, signal }: Circumstances,
): Promise<ComparedSystem> {
  const { description, speakers, folds } = PROTOCOLS[PROTOCOL]!;
  const examples = await prepared();
  const store = foldStore('runs/compare', [name, seeds, config]);
  const head = { protocol: PROTOCOL, description, config, labels: examples.labels };
  const record = new RunRecord(runStore(store.replace(/\.bin$/, '-record.json')), head, backend);
  const { runs, checks } = await crossValidateConfig(config, examples, folds({ speech }), {
    ...{ seeds, backend, workers, signal, speakers, store },
    onProgress: record.take,
  });
  await record.finish(checks);
  const evaluations = runs.flatMap(({ seed, folds }) =>
    folds.map(({ name: fold, evaluation }) => ({ seed, fold, clips: evaluation.clips })),
  );
  return {
    ...{ name, description: 'network', parameters: parametersOf(config, examples) },
    trainSeconds: record.file.runs.reduce((sum, { seconds }) => sum + seconds, 0),
    ...systemScores(examples.labels, evaluations),
  };
}

function parametersOf(config: TrainingConfig, { examples, labels }: ExampleSet): number {
  const network = buildNetwork(config, examples[0]!.variants[0]!.bins, labels.length, 1);
  const count = network.countParams();
  network.dispose();
  return count;
}

async function ofConventional(
  name: string,
  { speech, vectors: workedOut, signal }: Circumstances,
): Promise<ComparedSystem> {
  const classifier = CONVENTIONAL[name]!;
  const { labels } = speech;
  const vectors = await workedOut();
  const labelled = (clips: Iterable<Recording>): Labelled & { clips: Recording[] } => {
    const all = [...clips];
    return {
      clips: all,
      vectors: all.map(({ name: clip }) => vectors.get(clip)!),
      labels: all.map(({ label }) => labels.indexOf(label)),
    };
  };
  const started = performance.now();
  const evaluations = [];
  for (const { name: fold, train, test } of PROTOCOLS[PROTOCOL]!.folds({ speech })) {
    const tested = labelled(test);
    const predicted = await classifyStandardised(classifier, labelled(train), tested.vectors);
    const clips = tested.clips.map(({ name: clip, speaker, groups }, i) => ({
      ...{ name: clip, speaker, groups, label: tested.labels[i]! },
      probabilities: labels.map((_, label) => Number(label === predicted[i])),
    }));
    evaluations.push({ seed: 1, fold, clips });
    signal.throwIfAborted();
  }
  return {
    ...{ name, description: classifier.description },
    trainSeconds: Math.round((performance.now() - started) / 1000),
    ...systemScores(labels, evaluations),
  };
}

async function functionalsOf(speech: RavdessDataset, signal: AbortSignal): Promise<Map<string, Float64Array>> {
  const progress = showProgress('Functionals', speech.size, { logEvery: 0.1 });
  const vectors = new Map<string, Float64Array>();
  try {
    for (const recording of speech) {
      vectors.set(recording.name, functionals(await recording.waveform()));
      progress.update(vectors.size);
      signal.throwIfAborted();
    }
  } finally {
    progress.stop();
  }
  return vectors;
}
