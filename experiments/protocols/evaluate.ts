// RAVDESS + a published protocol → how well the recipe does: npm run evaluate -- --data ZIP_OR_FOLDER --protocol si5

import { writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { type ExampleSet, type Fold, type Named, permuteLabels } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { page } from '../../examples/node/report/page.ts';
import { numberList, recipeNamed, workersFor } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { ofUnchanged, originalName } from '../corpus/changedClips.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { evaluationSections } from '../report/evaluationSections.ts';
import { percent, printEvaluation } from '../report/printEvaluation.ts';
import { resultStore } from '../results/resultStore.ts';
import { RunRecord } from '../results/runRecord.ts';
import { PERTURBATIONS } from '../robustness/perturbations.ts';
import { perturbedExamples } from '../robustness/perturbedExamples.ts';
import { RobustnessRecord } from '../robustness/robustnessRecord.ts';
import { RAVDESS, RECIPES, recipeWith } from '../training/trainingConfig.ts';
import { crossValidateRecipe, foldStore } from './crossValidateConfig.ts';
import { PROTOCOLS, withSongs } from './protocols.ts';

const USAGE = `
npm run evaluate -- --data ZIP_OR_FOLDER --protocol NAME [options]

Cross-validates the recipe: trains on all folds but one and tests on that one, for each. Nothing is chosen on a test fold, the last
epoch counts, and folds that leak are refused. Folds that are done are kept: the same command goes on after them. Folds that were
trained on several machines are put together by npm run join-results.

  --data PATH        archive or folder of RAVDESS speech; given twice, songs too, for a recipe that trains on them
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that are there twice and differ
  --protocol NAME    ${Object.entries(PROTOCOLS)
    .map(([name, { says }]) => `${name}: ${says}`)
    .join('\n                     ')}
  --recipe NAME      ${Object.keys(RECIPES).join(', ')} (default: what the protocol does with speakers)
  --folds LIST       only these, counted from 0 (default: all)
  --seed LIST        one whole cross-validation for each (default: 1)
  --permuted         a control: the labels are dealt out anew, so that the result must be at chance
  --robustness       also tests the clips made worse (noise, gain, telephone, …): robustness.json
  --epochs N         default: the recipe's, ${RECIPES.independent.training.epochs}, or ${RECIPES.dependent.training.epochs} for speakers that are trained on
  --batch-size N     default: the recipe's
  --out FOLDER       where PROTOCOL.json (PROTOCOL-RECIPE.json of another recipe, or permuted.json) and report.html go (default: runs/evaluate-PROTOCOL)
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        folds trained side by side, each by a thread of its own (default: one a core; 1 with webgpu)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    protocol: { type: 'string', default: '' },
    recipe: { type: 'string' },
    folds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    permuted: { type: 'boolean', default: false },
    robustness: { type: 'boolean', default: false },
    epochs: { type: 'string' },
    'batch-size': { type: 'string' },
    out: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string' },
  });
  const { data, backend, permuted, out = `runs/evaluate-${options.protocol}` } = options;
  const protocol = PROTOCOLS[options.protocol];
  if (data.length === 0) throw new UsageError('Cannot evaluate: --data must name an archive or a folder of RAVDESS');
  if (!protocol) {
    throw new UsageError(
      `Cannot evaluate: --protocol must be ${Object.keys(PROTOCOLS).join(', ')}, got '${options.protocol}'`,
    );
  }
  const recipeName = recipeNamed(options.recipe ?? protocol.speakers);
  const seeds = numberList('seed', options.seed);
  const workers = workersFor(backend, options.workers);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command goes on after the folds that are done.');

  const dataset = await openCorpus(data, options['skip-invalid']);
  const speech = dataset.filter({ channel: 'speech' });
  const songs = dataset.filter({ channel: 'song' });
  const settled = RECIPES[recipeName];
  const recipe = recipeWith(settled, songs, {
    epochs: wholeNumber('epochs', options.epochs ?? String(settled.training.epochs)),
    batchSize: wholeNumber('batch-size', options['batch-size'] ?? String(settled.training.batchSize)),
  });
  const all = protocol.folds(speech);
  const chosen = options.folds ? numberList('folds', options.folds) : all.map((_, i) => i);
  const folds = chosen.map((i) => {
    if (all[i]) return recipe.songs ? withSongs(all[i], songs, protocol.speakers) : all[i];
    throw new UsageError(`Cannot evaluate: --folds must be from 0 to ${all.length - 1}, got ${i}`);
  });
  const { features, speeds } = recipe;
  const prepared = await cachedExamples(dataset, data, { features, speeds }, signal);
  const examples = permuted ? permuteLabels(prepared) : prepared;

  const worse = options.robustness
    ? await perturbedExamples(speech, data, features, {
        perturbations: PERTURBATIONS.filter(({ name }) => name !== 'clean'),
        signal,
      })
    : undefined;

  const says = `${protocol.says}${permuted ? '; labels dealt out anew' : ''}`;
  const suffix = recipeName === protocol.speakers ? '' : `-${recipeName}`;
  const file = join(out, permuted ? 'permuted.json' : `${options.protocol}${suffix}.json`);
  const head = { protocol: options.protocol, says, recipe, labels: examples.labels };
  const record = new RunRecord(
    resultStore(file),
    { ...head, truth: permuted ? truthOf(examples) : undefined },
    backend,
  );
  const robustness = worse && new RobustnessRecord(join(out, `robustness${suffix}.json`), head, PERTURBATIONS);
  const tested = worse ? withWorse(folds, worse) : folds;
  const result = await crossValidateRecipe(recipe, worse ? joined(examples, worse) : examples, tested, {
    ...{ seeds, backend, workers, signal },
    speakers: protocol.speakers,
    store: foldStore('runs/folds', [options.protocol, permuted, options.robustness, chosen, recipe]),
    onProgress(event) {
      record.take(event);
      robustness?.take(event);
    },
  });
  record.finish(result.checks);
  robustness?.finish(result.checks);

  const name = `${options.protocol}, ${says}${folds.length < all.length ? `, only folds ${chosen}` : ''}`;
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
  console.log(`Probabilities: ${relative('', file)}, pictures: ${relative('', out)}/report.html`);
});

function truthOf({ examples }: ExampleSet): Record<string, number> {
  return Object.fromEntries(examples.map(({ name, label }) => [basename(name), label]));
}

/** The clips and what became of them, in one set; nothing but the clips as they are has speed copies. */
function joined(examples: ExampleSet, worse: ExampleSet): ExampleSet {
  return { ...examples, examples: [...examples.examples, ...worse.examples] };
}

/** Folds that also test what became of the clips that they test. */
function withWorse(folds: readonly Fold<Iterable<Named>>[], worse: ExampleSet): Fold<readonly Named[]>[] {
  return folds.map(({ name, train, test }) => {
    const own = new Set(Array.from(test, (clip) => clip.name));
    const changed = worse.examples.filter((clip) => own.has(originalName(clip)));
    return { name, train: [...train], test: [...test, ...changed] };
  });
}
