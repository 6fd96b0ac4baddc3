// RAVDESS + a published protocol → UAR and WAR of a training configuration: npm run evaluate -- --data ZIP_OR_FOLDER --protocol si5

import { writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ExampleSet, Named } from 'speech-emotion';
import type { Fold } from 'speech-emotion/corpora';
import { permuteLabels } from 'speech-emotion/evaluation';
import { page } from '../../cli/src/report/page.ts';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { ofUnchanged, originalName } from '../corpus/changedClips.ts';
import { evaluationSections } from '../report/evaluationSections.ts';
import { percent, printEvaluation } from '../report/printEvaluation.ts';
import type { ResultFile } from '../results/resultFile.ts';
import { readResult, runStore } from '../results/resultStore.ts';
import { RunRecord } from '../results/runRecord.ts';
import { PERTURBATIONS } from '../robustness/perturbations.ts';
import { perturbedExamples } from '../robustness/perturbedExamples.ts';
import { RobustnessRecord } from '../robustness/robustnessRecord.ts';
import { RAVDESS } from '../training/trainingConfig.ts';
import { crossValidateConfig, foldStore } from './crossValidateConfig.ts';
import { chooseProtocol, FOLD_OPTIONS, FOLD_USAGE, factsOf, openFolds, splitExtra, testedBy } from './protocolFolds.ts';

const USAGE = `
npm run evaluate -- --data ZIP_OR_FOLDER --protocol NAME [options]

Cross-validates a training configuration: for each fold, trains on all others and tests on it. Nothing is chosen on a test fold, the
weights of the last epoch count, and folds that leak are refused. Folds that are done are kept: the same command resumes after them.
npm run join-results joins folds that were trained on several machines.

  ${FOLD_USAGE}
  --permuted         a control: the labels are permuted, so that the result must be at chance
  --models FOLDER    keeps the model of each fold there
  --trained FOLDER   models that were kept so predict, and nothing is trained: after a change that matters to predictions alone
  --recorded FILE    with --trained: their file of results, which tells when and at which commit they were trained
  --robustness       also tests perturbed clips (noise, gain, telephone, …): robustness.json
  --out FOLDER       where PROTOCOL.json (PROTOCOL-CONFIG.json of another configuration, or permuted.json) and report.html go (default: runs/evaluate-PROTOCOL)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained in parallel, each in its own thread (default: one per core; 1 with webgpu)
`;

const ACTION = 'evaluate';

await run(async () => {
  const options = readArguments(USAGE, {
    ...FOLD_OPTIONS,
    permuted: { type: 'boolean', default: false },
    models: { type: 'string' },
    trained: { type: 'string' },
    recorded: { type: 'string' },
    robustness: { type: 'boolean', default: false },
    out: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string' },
  });
  const { models, trained, backend, permuted, out = `runs/evaluate-${options.protocol}` } = options;
  const asked = chooseProtocol(ACTION, options);
  const { protocol, seeds, suffix } = asked;
  const workers = workersFor(backend, options.workers);
  const recorded = options.recorded === undefined ? undefined : readResult<ResultFile>(options.recorded);
  if ((trained === undefined) !== (recorded === undefined)) {
    throw new UsageError(
      'Cannot evaluate: --trained and --recorded must be given together, and the file must be there',
    );
  }
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes after the folds that are done.');

  const opened = await openFolds(ACTION, asked, options);
  const { config, folds, chosen, total, ravdess, recordings, paths } = opened;
  const { features, speeds } = config;
  const prepared = await cachedExamples(recordings, paths, { features, speeds }, signal);
  const examples = permuted ? permuteLabels(prepared) : prepared;

  const testedClips = testedBy(folds);
  const perturbed = options.robustness
    ? await perturbedExamples(
        recordings.filter(({ name }) => testedClips.has(name)),
        paths,
        features,
        {
          perturbations: PERTURBATIONS.filter(({ name }) => name !== 'clean'),
          voices: ravdess.filter({ channel: 'speech' }),
          signal,
        },
      )
    : undefined;

  const description = `${protocol.description}${permuted ? '; permuted labels' : ''}`;
  const file = join(out, permuted ? 'permuted.json' : `${options.protocol}${suffix}.json`);
  const head = { protocol: options.protocol, description, config, labels: examples.labels };
  const truth = permuted ? truthOf(examples) : undefined;
  const facts = factsOf(protocol, examples, testedClips);
  const record = new RunRecord(runStore(file), { ...head, truth, clips: facts }, backend, { recorded });
  const robustness = perturbed && new RobustnessRecord(join(out, `robustness${suffix}.json`), head, PERTURBATIONS);
  const tested = perturbed ? testPerturbed(folds, perturbed) : folds;
  const { own, extra } = splitExtra(examples, opened);
  const result = await crossValidateConfig(config, perturbed ? withPerturbed(own, perturbed) : own, tested, {
    ...{ seeds, backend, workers, extra, models, trained, signal },
    speakers: protocol.speakers,
    store: foldStore('runs/folds', [
      options.protocol,
      permuted,
      options.robustness,
      chosen,
      options.corpora,
      trained,
      config,
    ]),
    onProgress(event) {
      record.take(event);
      robustness?.take(event);
    },
  });
  await record.finish(result.checks);
  await robustness?.finish(result.checks);

  const name = `${options.protocol}, ${description}${folds.length < total ? `, only folds ${chosen}` : ''}`;
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
