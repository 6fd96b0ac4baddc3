// RAVDESS, other corpora + trials → docs/results/voices-search.jsonl: npm run search-voices -- --data ZIP_OR_FOLDER --corpora FOLDER

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { examplesOf } from 'speech-emotion';
import { mergeDatasets } from 'speech-emotion/corpora';
import { summarise } from 'speech-emotion/evaluation';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { numberList } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { isUnchanged } from '../corpus/changedClips.ts';
import { openCorpus, openOtherCorpora } from '../corpus/openCorpus.ts';
import { crossValidateConfig, foldStore } from '../protocols/crossValidateConfig.ts';
import { percent } from '../report/printEvaluation.ts';
import { revision } from '../results/revision.ts';
import { PERTURBATIONS } from '../robustness/perturbations.ts';
import { perturbedExamples } from '../robustness/perturbedExamples.ts';
import { innerSplits } from '../search/innerSplits.ts';
import type { VoicesTrialLine } from './trialLine.ts';
import { VOICES_TRIALS } from './trials.ts';

const USAGE = `
npm run search-voices -- --data ZIP_OR_FOLDER --corpora FOLDER [options]

Trains each configuration of trials.ts on the other corpora and an inner split of RAVDESS (its outer test clips are used neither for
training nor for scoring), scores it on that split's clips, as they are and perturbed, and adds a line to the record. No corpus that is
left out to be tested scores anything here. Trials that are recorded are not run again.

  --data PATH        archive or folder of RAVDESS speech
  --corpora PATH     folder of the other corpora
  --only LIST        only trials of these names
  --record FILE      default: docs/results/voices-search.jsonl
  --models FOLDER    keeps the models (default: runs/search-voices)
  --splits LIST      of 0, 1, the two inner splits (default: both)
  --seed N           default: 1
`;

/** What phones, short recordings, rooms and noise do. */
const SCORED = ['telephone', 'cropped', 'noise-10db', 'gain+12db', 'gain-12db'];

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    corpora: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    record: { type: 'string', default: 'docs/results/voices-search.jsonl' },
    models: { type: 'string', default: 'runs/search-voices' },
    splits: { type: 'string', default: '0,1' },
    seed: { type: 'string', default: '1' },
  });
  const { data, corpora, record, models } = options;
  if (data.length === 0 || corpora.length === 0) throw new UsageError('Cannot search: give --data and --corpora');
  const seed = wholeNumber('seed', options.seed);
  await useBackend('wasm');
  const signal = interruptible('Stopped. The same command resumes after the trials that are done.');
  const ravdess = (await openCorpus(data, false)).filter({ channel: 'speech' });
  const others = await openOtherCorpora(corpora);
  const merged = mergeDatasets([ravdess, others]);
  const all = innerSplits('si5', ravdess, ravdess.filter({ channel: 'song' }));
  const splits = numberList('splits', options.splits).map((i) => {
    if (all[i]) return all[i];
    throw new UsageError(`Cannot search: --splits must be from 0 to ${all.length - 1}, got ${i}`);
  });
  const trials = VOICES_TRIALS.filter(({ name }) => !options.only || options.only.split(',').includes(name));
  await mkdir(dirname(record), { recursive: true });

  for (const [{ name, why, config, isAlone = false }, split] of trials.flatMap((trial) =>
    splits.map((split) => [trial, split] as const),
  )) {
    const scored = new Set(split.test.map((clip) => clip.name));
    const text = JSON.stringify(config);
    const recorded = (await readFile(record, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    const known = recorded.map((line): VoicesTrialLine => JSON.parse(line));
    const isKnown = (line: VoicesTrialLine) =>
      line.trial === name && line.split === split.name && JSON.stringify(line.config) === text && line.seed === seed;
    if (known.some(isKnown)) continue;
    const { features, speeds } = config;
    const paths = [...data, ...corpora];
    const examples = await cachedExamples(merged, paths, { features, speeds }, signal);
    const perturbed = await perturbedExamples(
      merged.filter((clip) => scored.has(clip.name)),
      paths,
      features,
      {
        perturbations: PERTURBATIONS.filter((one) => SCORED.includes(one.name)),
        voices: ravdess,
        signal,
      },
    );
    const started = performance.now();
    const { runs } = await crossValidateConfig(
      config,
      { ...examples, examples: [...examplesOf(examples, ravdess).examples, ...perturbed.examples] },
      [{ ...split, test: [...split.test, ...perturbed.examples] }],
      {
        ...{ seeds: [seed], backend: 'wasm', workers: 1, signal, speakers: 'independent' },
        extra: isAlone ? undefined : examplesOf(examples, others),
        models: `${models}/${name}`,
        store: foldStore('runs/search-voices', [seed, config, split.name, isAlone]),
      },
    );
    const clips = runs[0]!.pooled.clips;
    const uarOf = (condition: string) => {
      const own = clips.filter((clip) =>
        condition === 'clean' ? isUnchanged(clip) : clip.name.endsWith(`#${condition}`),
      );
      return summarise(examples.labels, [{ predictions: own, temperature: 1 }], { resamples: 1 });
    };
    const clean = uarOf('clean');
    const scores = Object.fromEntries(['clean', ...SCORED].map((condition) => [condition, uarOf(condition).uar]));
    const line: VoicesTrialLine = {
      ...{ trial: name, why, split: split.name, seed, config, uar: scores },
      nll: clean.uncalibrated.nll,
      seconds: Math.round((performance.now() - started) / 1000),
      commit: revision(),
      date: new Date().toISOString(),
    };
    await appendFile(record, `${JSON.stringify(line)}\n`);
    console.log(
      `${name}, ${split.name}: ${Object.entries(scores)
        .map(([condition, uar]) => `${condition} ${percent(uar)}`)
        .join(', ')}`,
    );
  }
});
