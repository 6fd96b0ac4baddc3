// RAVDESS + a published protocol → UAR and WAR of a training configuration: npm run evaluate -- --data ZIP_OR_FOLDER --protocol si5

import { writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { type ExampleSet, examplesOf, type Named } from 'speech-emotion';
import { type Fold, mergeDatasets } from 'speech-emotion/corpora';
import { permuteLabels } from 'speech-emotion/evaluation';
import { page } from '../../cli/src/report/page.ts';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { configNamed, numberList, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { ofUnchanged, originalName } from '../corpus/changedClips.ts';
import { openCorpus, openOtherCorpora } from '../corpus/openCorpus.ts';
import { evaluationSections } from '../report/evaluationSections.ts';
import { percent, printEvaluation } from '../report/printEvaluation.ts';
import type { ClipFacts } from '../results/resultFile.ts';
import { runStore } from '../results/resultStore.ts';
import { RunRecord } from '../results/runRecord.ts';
import { PERTURBATIONS } from '../robustness/perturbations.ts';
import { perturbedExamples } from '../robustness/perturbedExamples.ts';
import { RobustnessRecord } from '../robustness/robustnessRecord.ts';
import { configWith, RAVDESS, TRAINING_CONFIGS } from '../training/trainingConfig.ts';
import { crossValidateConfig, foldStore } from './crossValidateConfig.ts';
import { PROTOCOLS, withSongs } from './protocols.ts';

const USAGE = `
npm run evaluate -- --data ZIP_OR_FOLDER --protocol NAME [options]

Cross-validates a training configuration: for each fold, trains on all others and tests on it. Nothing is chosen on a test fold, the
weights of the last epoch count, and folds that leak are refused. Folds that are done are kept: the same command resumes after them.
npm run join-results joins folds that were trained on several machines.

  --data PATH        archive or folder of RAVDESS speech; given twice, songs too, for a configuration that trains on them
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --protocol NAME    ${Object.entries(PROTOCOLS)
    .map(([name, { description }]) => `${name}: ${description}`)
    .join('\n                     ')}
  --config NAME      ${Object.keys(TRAINING_CONFIGS).join(', ')} (default: independent or dependent, as the protocol is)
  --folds LIST       only these, counted from 0 (default: all)
  --seed LIST        one whole cross-validation for each (default: 1)
  --permuted         a control: the labels are permuted, so that the result must be at chance
  --corpora PATH     folder of other corpora: trained on too, or what loco leaves out
  --models FOLDER    keeps the model of each fold there
  --robustness       also tests perturbed clips (noise, gain, telephone, …): robustness.json
  --epochs N         default: the configuration's, ${TRAINING_CONFIGS.independent.training.epochs}, or ${TRAINING_CONFIGS.dependent.training.epochs} if speaker-dependent
  --batch-size N     default: the configuration's
  --out FOLDER       where PROTOCOL.json (PROTOCOL-CONFIG.json of another configuration, or permuted.json) and report.html go (default: runs/evaluate-PROTOCOL)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained in parallel, each in its own thread (default: one per core; 1 with webgpu)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    protocol: { type: 'string', default: '' },
    config: { type: 'string' },
    folds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    permuted: { type: 'boolean', default: false },
    corpora: { type: 'string', multiple: true, default: [] },
    models: { type: 'string' },
    robustness: { type: 'boolean', default: false },
    epochs: { type: 'string' },
    'batch-size': { type: 'string' },
    out: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string' },
  });
  const { data, corpora, models, backend, permuted, out = `runs/evaluate-${options.protocol}` } = options;
  const protocol = PROTOCOLS[options.protocol];
  if (data.length === 0) throw new UsageError('Cannot evaluate: --data must name an archive or a folder of RAVDESS');
  if (!protocol) {
    throw new UsageError(
      `Cannot evaluate: --protocol must be ${Object.keys(PROTOCOLS).join(', ')}, got '${options.protocol}'`,
    );
  }
  const configName = configNamed(options.config ?? protocol.speakers);
  const seeds = numberList('seed', options.seed);
  const workers = workersFor(backend, options.workers);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes after the folds that are done.');

  const ravdess = await openCorpus(data, options['skip-invalid']);
  const speech = ravdess.filter({ channel: 'speech' });
  const songs = ravdess.filter({ channel: 'song' });
  const others = corpora.length > 0 ? await openOtherCorpora(corpora) : undefined;
  const merged = others && mergeDatasets([ravdess, others]);
  const settled = TRAINING_CONFIGS[configName];
  const config = configWith(settled, songs, {
    epochs: wholeNumber('epochs', options.epochs ?? String(settled.training.epochs)),
    batchSize: wholeNumber('batch-size', options['batch-size'] ?? String(settled.training.batchSize)),
  });
  const all = protocol.folds({ speech, corpora: merged?.filter(({ groups }) => groups.vocalChannel !== 'song') });
  const chosen = options.folds ? numberList('folds', options.folds) : all.map((_, i) => i);
  const folds = chosen.map((i) => {
    if (all[i]) return config.songs ? withSongs(all[i], songs, protocol.speakers) : all[i];
    throw new UsageError(`Cannot evaluate: --folds must be from 0 to ${all.length - 1}, got ${i}`);
  });
  const { features, speeds } = config;
  const paths = [...data, ...corpora];
  const prepared = await cachedExamples(merged ?? ravdess, paths, { features, speeds }, signal);
  const examples = permuted ? permuteLabels(prepared) : prepared;

  const testedClips = new Set(folds.flatMap(({ test }) => Array.from(test, ({ name }) => name)));
  const perturbed = options.robustness
    ? await perturbedExamples(
        (merged ?? ravdess).filter(({ name }) => testedClips.has(name)),
        paths,
        features,
        {
          perturbations: PERTURBATIONS.filter(({ name }) => name !== 'clean'),
          voices: speech,
          signal,
        },
      )
    : undefined;

  const description = `${protocol.description}${permuted ? '; permuted labels' : ''}`;
  const suffix = configName === protocol.speakers ? '' : `-${configName}`;
  const file = join(out, permuted ? 'permuted.json' : `${options.protocol}${suffix}.json`);
  const head = { protocol: options.protocol, description, config, labels: examples.labels };
  const truth = permuted ? truthOf(examples) : undefined;
  const facts = options.protocol === 'loco' ? factsOf(examples, testedClips) : undefined;
  const record = new RunRecord(runStore(file), { ...head, truth, clips: facts }, backend);
  const robustness = perturbed && new RobustnessRecord(join(out, `robustness${suffix}.json`), head, PERTURBATIONS);
  const tested = perturbed ? testPerturbed(folds, perturbed) : folds;
  // Other corpora are what `loco` is about; to other protocols they are more to train on.
  const extra = others && options.protocol !== 'loco' ? examplesOf(examples, others) : undefined;
  const own = extra ? examplesOf(examples, ravdess) : examples;
  const result = await crossValidateConfig(config, perturbed ? withPerturbed(own, perturbed) : own, tested, {
    ...{ seeds, backend, workers, extra, models, signal },
    speakers: protocol.speakers,
    store: foldStore('runs/folds', [options.protocol, permuted, options.robustness, chosen, config]),
    onProgress(event) {
      record.take(event);
      robustness?.take(event);
    },
  });
  await record.finish(result.checks);
  await robustness?.finish(result.checks);

  const name = `${options.protocol}, ${description}${folds.length < all.length ? `, only folds ${chosen}` : ''}`;
  const evaluations = result.runs.map(({ seed, pooled }) => ({ seed, evaluation: ofUnchanged(pooled) }));
  for (const { seed, evaluation } of evaluations) printEvaluation(`${name}; seed ${seed}`, evaluation);
  for (const check of result.checks) console.log(`Checked: ${check}`);
  for (const { seed, evaluation } of evaluations) {
    console.log(`\nUAR ${percent(evaluation.uar)}, WAR ${percent(evaluation.war)}; seed ${seed}; ${name}`);
  }
  const sections = evaluations.map(({ seed, evaluation }) => evaluationSections(`Seed ${seed}`, name, evaluation));
  await writeFile(
    join(out, 'report.html'),
    page(`Evaluation: ${name}`, (await Promise.all(sections)).flat(), RAVDESS.citation),
  );
  console.log(`Probabilities: ${relative('', file)}, charts: ${relative('', out)}/report.html`);
});

function truthOf({ examples }: ExampleSet): Record<string, number> {
  return Object.fromEntries(examples.map(({ name, label }) => [basename(name), label]));
}

function factsOf({ examples }: ExampleSet, tested: ReadonlySet<string>): Record<string, ClipFacts> {
  const clips = examples.filter(({ name }) => tested.has(name));
  return Object.fromEntries(
    clips.map(({ name, label, speaker, groups: { sex } }) => [basename(name), { label, speaker, sex }]),
  );
}

/** Original and perturbed clips in one set; only the originals have speed copies. */
function withPerturbed(examples: ExampleSet, perturbed: ExampleSet): ExampleSet {
  return { ...examples, examples: [...examples.examples, ...perturbed.examples] };
}

/** Folds that also test the perturbed copies of their test clips. */
function testPerturbed(folds: readonly Fold<Iterable<Named>>[], perturbed: ExampleSet): Fold<readonly Named[]>[] {
  return folds.map(({ name, train, test }) => {
    const own = new Set(Array.from(test, (clip) => clip.name));
    const changed = perturbed.examples.filter((clip) => own.has(originalName(clip)));
    return { name, train: [...train], test: [...test, ...changed] };
  });
}
