// RAVDESS + a published protocol → how well the recipe does: npm run evaluate -- --data ZIP_OR_FOLDER --protocol si5

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { crossValidate, examplesOf } from 'speech-emotion';
import { fileCheckpoint, openRavdess, trainingWorkers } from 'speech-emotion/node';
import { useBackend } from './backend.ts';
import { cachedExamples } from './cachedExamples.ts';
import { interruptible, numberList, readArguments, run, UsageError, wholeNumber } from './commandLine.ts';
import { NETWORK, type NetworkParameters } from './networkWorker.ts';
import { percent, printEvaluation } from './printEvaluation.ts';
import { PROTOCOLS } from './protocols.ts';
import { buildNetwork, RAVDESS, recipe } from './recipe.ts';
import { evaluationSections } from './report/evaluationSections.ts';
import { page } from './report/page.ts';
import { showFolds } from './showFolds.ts';

const USAGE = `
npm run evaluate -- --data ZIP_OR_FOLDER --protocol NAME [options]

Cross-validates the recipe: trains on all folds but one and tests on that one, for each. Nothing is chosen on a test fold, the last
epoch counts, and folds that leak are refused. Folds that are done are kept: the same command goes on after them.

  --data PATH        archive or folder of RAVDESS speech; given twice, songs too: those of training actors are trained on
  --protocol NAME    ${Object.entries(PROTOCOLS)
    .map(([name, { says }]) => `${name}: ${says}`)
    .join('\n                     ')}
  --folds LIST       only these, counted from 0 (default: all)
  --seed LIST        one whole cross-validation for each (default: 1)
  --epochs N         default: ${recipe.training.epochs}
  --batch-size N     default: ${recipe.training.batchSize}
  --out FOLDER       where result.json and report.html go (default: runs/evaluate-PROTOCOL)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained side by side, each by a thread of its own (default: one a core; 1 with webgpu)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    protocol: { type: 'string', default: '' },
    folds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: String(recipe.training.epochs) },
    'batch-size': { type: 'string', default: String(recipe.training.batchSize) },
    out: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string' },
  });
  const { data, backend, out = `runs/evaluate-${options.protocol}` } = options;
  const protocol = PROTOCOLS[options.protocol];
  if (data.length === 0) throw new UsageError('Cannot evaluate: --data must name an archive or a folder of RAVDESS');
  if (!protocol) {
    throw new UsageError(
      `Cannot evaluate: --protocol must be ${Object.keys(PROTOCOLS).join(', ')}, got '${options.protocol}'`,
    );
  }
  const seeds = numberList('seed', options.seed);
  const training = {
    ...recipe.training,
    epochs: wholeNumber('epochs', options.epochs),
    batchSize: wholeNumber('batch-size', options['batch-size']),
  };
  const most = backend === 'webgpu' ? 1 : availableParallelism(); // there is but one GPU
  const workers = options.workers ? wholeNumber('workers', options.workers) : most;
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command goes on after the folds that are done.');

  const dataset = await openRavdess(data);
  const speech = dataset.filter({ channel: 'speech' });
  const songs = dataset.filter({ channel: 'song' });
  const all = protocol.folds(speech);
  const chosen = options.folds ? numberList('folds', options.folds) : all.map((_, i) => i);
  const folds = chosen.map((i) => {
    if (all[i]) return all[i];
    throw new UsageError(`Cannot evaluate: --folds must be from 0 to ${all.length - 1}, got ${i}`);
  });
  const { features, speeds, network } = recipe;
  const examples = await cachedExamples(dataset, data, { features, speeds }, signal);
  const bins = examples.examples[0]!.variants[0]!.bins;
  const classes = examples.labels.length;
  const settings = {
    protocol: options.protocol,
    folds: chosen,
    features,
    speeds,
    network,
    training,
    songs: songs.size,
  };
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);

  const name = `${options.protocol}, ${protocol.says}${folds.length < all.length ? `, only folds ${chosen}` : ''}`;
  const show = showFolds(folds.length * seeds.length);
  const parameters: NetworkParameters = { backend, network, bins, classes };
  const result = await crossValidate(examplesOf(examples, speech), folds, {
    build: (seed) => buildNetwork(recipe, bins, classes, seed),
    train: training,
    seeds,
    speakers: protocol.speakers,
    extra: songs.size > 0 ? examplesOf(examples, songs) : undefined,
    store: fileCheckpoint(join(out, `folds-${key}.json`)),
    executor: workers === 1 ? undefined : trainingWorkers(NETWORK, { workers, parameters }),
    signal,
    onProgress: show.onProgress,
  }).finally(show.stop);

  for (const { seed, pooled } of result.runs) printEvaluation(`${name}; seed ${seed}`, pooled);
  const { mean, deviation } = result.uar;
  const spread =
    deviation === null ? 'one seed' : `± ${percent(deviation)} (standard deviation over ${seeds.length} seeds)`;
  console.log(`\nUAR ${percent(mean)}, ${spread}; ${name}`);
  await mkdir(out, { recursive: true });
  await writeFile(
    join(out, 'result.json'),
    `${JSON.stringify({ ...settings, backend, protocolName: name, result })}\n`,
  );
  const sections = result.runs.map(({ seed, pooled }) => evaluationSections(`Seed ${seed}`, name, pooled));
  await writeFile(
    join(out, 'report.html'),
    page(`Evaluation: ${name}`, (await Promise.all(sections)).flat(), RAVDESS.citation),
  );
  console.log(`Figures: ${relative('', out)}/result.json, pictures: ${relative('', out)}/report.html`);
});
