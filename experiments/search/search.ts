// RAVDESS + trials → docs/results/search.jsonl, the score of each training configuration on inner splits: npm run search -- --data ZIP_OR_FOLDER

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { ExampleSet, RavdessDataset } from 'speech-emotion';
import { averagePredictions, type LabelledPrediction, summarise } from 'speech-emotion/evaluation';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { changedName, isUnchanged } from '../corpus/changedClips.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { crossValidateConfig, foldStore } from '../protocols/crossValidateConfig.ts';
import { PROTOCOLS } from '../protocols/protocols.ts';
import { percent } from '../report/printEvaluation.ts';
import { revision } from '../results/revision.ts';
import type { TrainingConfig } from '../training/trainingConfig.ts';
import { innerSplits } from './innerSplits.ts';
import { TRIALS, type Trial } from './trials.ts';

const USAGE = `
npm run search -- --data ZIP_OR_FOLDER [options]

Trains each configuration of trials.ts on inner splits of the training folds (the test clips of the outer fold are used neither for
training nor for scoring) and adds a line to the record. Trials that are recorded are not run again.

  --data PATH        archive or folder of RAVDESS speech; given twice, songs too
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --only LIST        only trials of these names
  --most N           stops after so many trials
  --record FILE      default: docs/results/search.jsonl
  --seed N           default: 1
  --backend NAME     wasm, cpu or webgpu (default: wasm)
  --workers N        splits trained in parallel (default: one per core)
`;

/** One line of the record. */
interface TrialRecord {
  readonly trial: string;
  readonly why: string;
  readonly protocol: string;
  readonly seed: number;
  readonly config: TrainingConfig;
  /** Of all splits' clips together: of each clip alone, and averaged over it and its speed copies. */
  readonly single: Score;
  readonly copies: Score;
  readonly splits: readonly {
    readonly name: string;
    readonly clips: number;
    readonly uar: number;
    readonly nll: number;
  }[];
  readonly seconds: number;
  readonly commit: string;
  readonly date: string;
}

interface Score {
  readonly uar: number;
  readonly war: number;
  /** Calibrated by the other splits. */
  readonly nll: number;
  readonly ece: number;
}

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    'skip-invalid': { type: 'boolean', default: false },
    only: { type: 'string' },
    most: { type: 'string' },
    record: { type: 'string', default: 'docs/results/search.jsonl' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'wasm' },
    workers: { type: 'string', default: String(availableParallelism()) },
  });
  const { data, backend, record } = options;
  if (data.length === 0) throw new UsageError('Cannot search: --data must name an archive or a folder of RAVDESS');
  const seed = wholeNumber('seed', options.seed);
  const workers = wholeNumber('workers', options.workers);
  const only = options.only?.split(',');
  const unknown = only?.find((name) => !TRIALS.some((trial) => trial.name === name));
  if (unknown) throw new UsageError(`Cannot search: --only must name trials of trials.ts, got ${unknown}`);
  await useBackend(backend);
  const signal = interruptible('Stopped. The same command resumes after the trials that are done.');
  const dataset = await openCorpus(data, options['skip-invalid']);

  let left = options.most === undefined ? Infinity : wholeNumber('most', options.most);
  for (const trial of TRIALS) {
    if (left === 0) break;
    if (only && !only.includes(trial.name)) continue;
    if (await isRecorded(record, trial, seed)) continue;
    console.log(`\n${trial.name}: ${trial.why}`);
    left--;
    const line = await runTrial(trial, { dataset, data, seed, backend, workers, signal });
    await mkdir(dirname(record), { recursive: true });
    await appendFile(record, `${JSON.stringify(line)}\n`);
    const { single, copies, seconds } = line;
    console.log(
      `${trial.name}: UAR ${percent(single.uar)}, with copies ${percent(copies.uar)}; NLL ${single.nll.toFixed(3)}, ` +
        `with copies ${copies.nll.toFixed(3)}; ${seconds.toFixed(0)} s`,
    );
  }
});

async function isRecorded(path: string, trial: Trial, seed: number): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const records = text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as TrialRecord] : []));
  const same = (record: TrialRecord) =>
    record.protocol === trial.protocol && record.seed === seed && textOf(record.config) === textOf(trial.config);
  return records.some(same);
}

function textOf(config: TrainingConfig): string {
  return JSON.stringify(config);
}

interface Circumstances {
  readonly dataset: RavdessDataset;
  readonly data: readonly string[];
  readonly seed: number;
  readonly backend: string;
  readonly workers: number;
  readonly signal: AbortSignal;
}

async function runTrial(
  trial: Trial,
  { dataset, data, seed, backend, workers, signal }: Circumstances,
): Promise<TrialRecord> {
  const { name, why, protocol, config } = trial;
  const { features, speeds } = config;
  const examples = await cachedExamples(dataset, data, { features, speeds }, signal);
  const speech = dataset.filter({ channel: 'speech' });
  const songs = dataset.filter({ channel: 'song' }).filter(() => config.songs);
  if (config.songs && songs.size === 0) throw new UsageError(`Cannot run ${name}: --data must hold songs, too`);
  const splits = innerSplits(protocol, speech, songs);
  const copies = speeds.map((_, i) => i + 1);
  const started = performance.now();
  const { runs } = await crossValidateConfig(
    config,
    withCopies(examples, copies),
    splits.map((split) => ({
      ...split,
      test: split.test.flatMap((clip) => [clip, ...copies.map((i) => copyOf(clip, i))]),
    })),
    {
      ...{ seeds: [seed], backend, workers, signal },
      speakers: PROTOCOLS[protocol]!.speakers,
      store: foldStore('runs/search', [protocol, seed, config]),
    },
  );
  const folds = runs[0]!.folds.map(({ name, evaluation }) => ({
    name,
    single: evaluation.clips.filter(isUnchanged),
    copies: averageCopies(evaluation.clips, speeds.length),
  }));
  return {
    ...{ trial: name, why, protocol, seed, config },
    single: scoreOf(
      examples.labels,
      folds.flatMap(({ single }) => single),
    ),
    copies: scoreOf(
      examples.labels,
      folds.flatMap(({ copies }) => copies),
    ),
    splits: folds.map(({ name, single }) => {
      const { uar, nll } = scoreOf(examples.labels, single);
      return { name, clips: single.length, uar, nll };
    }),
    seconds: Math.round((performance.now() - started) / 1000),
    commit: revision(),
    date: new Date().toISOString(),
  };
}

/** The clips and, as clips of their own, their speed copies: test-time augmentation. */
function withCopies(set: ExampleSet, copies: readonly number[]): ExampleSet {
  const examples = set.examples.flatMap((clip) => [
    clip,
    ...copies.map((i) => ({ ...copyOf(clip, i), variants: [clip.variants[i]!] })),
  ]);
  return { ...set, examples };
}

function copyOf<T extends { readonly name: string }>(clip: T, i: number): T {
  return { ...clip, name: changedName(clip.name, i) };
}

/** Each clip with the mean prediction for it and its copies. */
function averageCopies(clips: readonly LabelledPrediction[], copies: number): LabelledPrediction[] {
  const originals = clips.filter(isUnchanged);
  const byName = new Map(clips.map((clip) => [clip.name, clip]));
  const versions = Array.from({ length: copies }, (_, i) =>
    originals.map((clip) => ({ ...byName.get(copyOf(clip, i + 1).name)!, name: clip.name })),
  );
  return averagePredictions([originals, ...versions]);
}

function scoreOf(labels: readonly string[], predictions: readonly LabelledPrediction[]): Score {
  const { uar, war, uncalibrated } = summarise(labels, [{ predictions, temperature: 1 }], { resamples: 1 });
  return { uar, war, nll: uncalibrated.nll, ece: uncalibrated.ece };
}
