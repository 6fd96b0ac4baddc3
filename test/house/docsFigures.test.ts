import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { accuracy } from '../../docs/figures/accuracy.ts';
import { fillRegion, grouped, percent, table } from '../../docs/figures/markdown.ts';
import { modelCard } from '../../docs/figures/modelCard.ts';
import { protocolFigures } from '../../docs/figures/protocolFigures.ts';
import { conditionFigures } from '../../docs/figures/robustness.ts';
import { missing, verdict } from '../../docs/figures/systems.ts';
import type { Tested } from '../../docs/figures/tested.ts';
import { pages } from '../../docs/figures.ts';
import type { AuditResult } from '../../src/evaluation/audit/auditResult.ts';
import type { ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { presets } from '../../src/model/presets.ts';
import { resolveCnnLstmOptions } from '../../src/model/resolveCnnLstmOptions.ts';
import { type ModelSettings, parseModelSettings } from '../../src/model/trainedModel.ts';
import { resolveTrainOptions } from '../../src/training/resolveTrainOptions.ts';
import { madeUpResults, recognisedIn, sayLabel } from '../support/madeUpResults.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

function neutralEach<Run extends { recognised: string }>(run: Run): Run {
  return { ...run, recognised: run.recognised.replace(/./g, '0') };
}

describe('figures in the documentation', () => {
  it('are up to date, pictures too; npm run figures makes them so (oracle: the script, run again)', async () => {
    const written = await pages();
    for (const [path, content] of Object.entries(written)) expect(read(path), path).toBe(content);
    const pictures = readdirSync(`${root}/docs/results`).filter((name) => name.endsWith('.svg'));
    expect(pictures.filter((name) => !(`docs/results/${name}` in written))).toEqual([]);
  }, 60_000);

  it('stand in docs/results.md where the script writes them, and not in what is written by hand (oracle: its text)', () => {
    const byHand = (page: string) => page.replace(/<!-- figures:.*?<!-- \/figures -->/gs, '').replace(/`[^`]*`/g, '');
    const figure = /\d\s*%|\d[.,]\d/;
    expect(byHand(read('docs/results.md'))).not.toMatch(figure);
    expect(byHand('about 62 %')).toMatch(figure);
  });
});

describe('the comparison of systems', () => {
  const of = (uars: Record<string, number>) => Object.entries(uars).map(([name, uar]) => ({ name, uar }));

  it('says what is better, worse and as good as the whole (by hand)', () => {
    expect(verdict(of({ cnnLstm: 0.6, cnn: 0.55, lstm: 0.62, gru: 0.7, svm: 0.6 }))).toBe(
      'Convolutions and LSTM (`cnnLstm`) are 5.0 points of UAR better than convolutions alone, 2.0 points of UAR worse than an LSTM alone, ' +
        'as good as `svm`.',
    );
  });

  it('says nothing of what there is not yet, but that it is missing', () => {
    expect(verdict(of({ cnnLstm: 0.6, paper: 0.5 }))).toBe('');
    expect(verdict(of({ cnn: 0.6 }))).toBe('');
    expect(missing(of({ cnnLstm: 0.6, paper: 0.5 }))).toMatch(/^Not compared yet: `lim2016`, .*`krause2016`\.$/);
    expect(missing(of(Object.fromEntries(Object.keys(presets).map((name) => [name, 0.5]))))).toBe('');
  });
});

const json = JSON.parse(read('src/pretrained/model.json')) as tf.io.ModelJSON;
const shipped = parseModelSettings(json.userDefinedMetadata?.['speech-emotion']);

const settings: ModelSettings = {
  ...shipped,
  calibration: { temperature: 2 },
  training: {
    ...shipped.training,
    data: { recordings: 900, speakers: 15, name: 'a corpus', licence: 'a licence', citation: 'Somebody 2020' },
    evaluation: { protocol: 'two speakers held out', metrics: { uar: 0.7, war: 0.75, macroF1: 0.5 } },
  },
};

type File = Parameters<typeof protocolFigures>[0];
const test = (file: File, whose = 'the configuration'): Tested => ({
  ...{ figures: protocolFigures(file)!, whose, conditions: [] },
});

describe('the model card (oracle: figures worked out by hand)', () => {
  it('says what the model is: its data, its licence, its network', () => {
    const card = modelCard({ json, settings }, []);
    expect(card).toMatch(/convolutions of [\d, ]+ filters.*; bidirectional LSTM of \d+ units/);
    for (const text of ['a corpus', 'a licence', 'Somebody 2020', '900 recordings of 15 speakers'])
      expect(card).toContain(text);
  });

  it('says where nothing was evaluated or is on record', () => {
    const { evaluation: _, ...bare } = settings.training;
    const card = modelCard(
      { json, settings: { ...settings, training: { ...bare, data: { recordings: 1, speakers: 1 } } } },
      [],
    );
    expect(card).toContain('a placeholder without an evaluation');
    expect(card).not.toMatch(/undefined|NaN/);
  });

  it('has the scores stored in the model where there are no results of its configuration', () => {
    expect(accuracy(settings, [])).toMatch(/two speakers held out +\| 70\.0 % +\| 75\.0 % \| 50\.0 % +\|/);
  });

  it('has the scores of its configuration where it was trained on all speakers, and says so', () => {
    const file = madeUpResults('si5', [1], ({ actor, label }) => sayLabel(actor < 13 ? label : 7 - label));
    const si5 = test(file);
    const metrics = { uar: 0.5, war: 0.5, macroF1: 0.5 };
    const options = { ...settings.training.options, validationRecordings: 0 };
    const everybody: ModelSettings = {
      ...settings,
      training: { ...settings.training, options, evaluation: { protocol: 'models of the same recipe', metrics } },
    };
    const card = modelCard({ json, settings: everybody }, [si5]);
    expect(card).toMatch(
      /\| the configuration of the shipped model, single model, 1 seed \| si5: five folds of actors \| 50\.0 % /,
    );
    expect(card).not.toMatch(/\| the shipped model +\|/);
    for (const text of [
      'none are left to test it on',
      'no epoch was chosen by a result',
      'other models of the same configuration for',
    ])
      expect(card.replace(/\s+/g, ' ')).toContain(text);
    // Half the actors are recognised; all women and men of either half alike.
    for (const row of [/\| happy +\| 192 +\| 50\.0 % +\|/, /\| actor 01 +\| 60 +\| 100\.0 % +\| 100\.0 % +\|/])
      expect(card).toMatch(row);
    expect(card).not.toContain('### Robustness');

    const clean = { name: 'clean', description: 'no change', runs: file.runs.map(recognisedIn) };
    const silent = { name: 'silence', description: 'all silent', runs: clean.runs.map(neutralEach) };
    const robustness = { ...file, conditions: [clean, silent] };
    expect(
      modelCard({ json, settings: everybody }, [{ ...si5, conditions: conditionFigures(robustness, file) }]),
    ).toMatch(
      /\| silence +\| all silent +\| 1 +\| 12\.5 % +\| −37\.5 points +\| 10\.0 % +\|/, // one of eight labels; 48 neutral and 96 surprised clips were taken for neutral before
    );

    const other = { ...everybody.training.evaluation!, metrics: { ...metrics, uar: 0.51 } };
    expect(accuracy({ ...everybody, training: { ...everybody.training, evaluation: other } }, [si5])).toMatch(
      /\| the shipped model +\| models of the same recipe +\| 51\.0 % /,
    );
  });

  it('has a section on the small model, and its scores beside those of the other', () => {
    const si5 = test(madeUpResults('si5', [1], ({ label }) => sayLabel(label)));
    const of = madeUpResults('si5', [1], ({ actor, label }) => sayLabel(actor < 13 ? label : 0));
    const small = { json, settings: { ...settings, calibration: { temperature: 1.25 } } };
    const [, section = ''] = modelCard({ json, settings }, [si5], { small }).split('## The small model');
    expect(section).toMatch(/\| Temperature \| 1\.250 +\|/);
    expect(section).toMatch(/\| Size +\| [\d ]+ kB of weights, as 16-bit floats/);
    expect(accuracy(settings, [si5, test(of, 'the configuration of the small model')])).toMatch(
      /\| the configuration of the small model, single model, 1 seed \| si5: five folds of actors \| 56\.3 % /, // half of all, and neutral
    );
  });

  it('has a section on the model of RAVDESS alone, where that is another', () => {
    const ravdess = { json, settings: { ...shipped, calibration: { temperature: 1.5 } } };
    const [, section = ''] = modelCard({ json, settings }, [], { ravdess }).split('## The model of RAVDESS alone');
    expect(section).toMatch(/\| Temperature \| 1\.500 +\|/);
    expect(modelCard({ json, settings }, [])).not.toContain('RAVDESS alone');
  });

  it('sets the audits of the models side by side, among the labels that were asked for (by hand)', () => {
    const view = (uar: number) => ({
      ...{ uar, calibration: { ece: 0.1 }, sure: { coverage: 0.5, accuracy: 0.75 } },
      groups: { corpus: { TESS: { uar } }, sex: { female: { uar } } },
    });
    const audited = (uar: number) =>
      ({
        data: { clips: 700, speakers: 2, corpora: { TESS: { clips: 700, asked: [] } } },
        ...{ open: view(uar / 2), restricted: view(uar), speech: { nonSpeechTaken: 0.01, speechMissed: 0 } },
        robustness: [{ name: 'lowRate', dose: '8000 Hz', open: { change: 0 }, restricted: { change: -uar / 10 } }],
      }) as unknown as AuditResult;
    const card = modelCard({ json, settings }, [], {}, { model: audited(0.6), small: audited(0.5) });
    for (const row of [
      /\| +\| `\/pretrained` +\| `\/pretrained\/small` +\|/,
      /\| UAR, TESS +\| 60\.0 % +\| 50\.0 % +\|/,
      /\| right among the sure +\| 75\.0 % +\| 75\.0 % +\|/,
      /\| low rate, 8000 Hz: ΔUAR +\| −6\.0 points +\| −5\.0 points +\|/,
    ])
      expect(card).toMatch(row);
  });

  it('has the protocols beside it: the single model with its standard deviation, the ensemble, each with its interval', () => {
    const si5 = madeUpResults('si5', [1, 2], ({ seed, actor, label }) =>
      seed === 1 && actor > 12 ? sayLabel((label + 1) % 8, 0.6, label) : sayLabel(label, 0.9),
    );
    const rows = accuracy(settings, [test(si5)]);
    expect(rows).toMatch(/\| the shipped model +\| two speakers held out +\| 70\.0 % /);
    expect(rows).toMatch(
      /single model, 2 seeds \| si5: five folds of actors +\| 75\.0 % ± 35\.4 % \([\d.]+ % to [\d.]+ %\) \| 75/,
    );
    expect(rows).toMatch(
      /ensemble of 2 +\| si5: five folds of actors +\| 100\.0 % \(100\.0 % to 100\.0 %\) +\| 100\.0 % +\|/,
    );
  });
});

describe('how figures are written', () => {
  it('tables have columns as wide as their widest cell (by hand)', () => {
    expect(
      table([
        ['a', 'long head'],
        ['wider', '–'],
      ]),
    ).toBe(['| a     | long head |', '| ----- | --------- |', '| wider | –         |'].join('\n'));
    expect([percent(0.6234), percent(null), grouped(1051440), grouped(999)]).toEqual([
      '62.3 %',
      '–',
      '1 051 440',
      '999',
    ]);
  });

  it('a region is filled between its marks, once', () => {
    const page = 'before\n<!-- figures:x -->\nold\n<!-- /figures -->\nafter';
    const filled = fillRegion(page, 'x', 'new');
    expect(filled).toBe('before\n<!-- figures:x -->\n\nnew\n\n<!-- /figures -->\nafter');
    expect(fillRegion(filled, 'x', 'new')).toBe(filled);
    expect(fillRegion(filled, 'x', '')).toBe('before\n<!-- figures:x -->\n\n<!-- /figures -->\nafter');
    expect(() => fillRegion(page, 'y', 'new')).toThrow('must have one such region');
  });
});

/** Rows of the tables whose head begins with those words: what stands in code in the first two columns. */
function documented(page: string, head: string): [string, unknown][] {
  const [, after = ''] = read(page).split(`| option of \`${head}\``);
  return after
    .slice(0, after.indexOf('\n\n'))
    .split('\n')
    .slice(2)
    .map((row) => [...row.matchAll(/`([^`]*)`/g)].map(([, code]) => code!))
    .map(([name, value]) => [name!, JSON.parse(value!)]);
}

const at = (options: unknown, path: string) =>
  path.split('.').reduce((value, key) => (value as Record<string, unknown>)[key], options);

describe('defaults in the documentation (oracle: the options as the code resolves them)', () => {
  const extractor = new FeatureExtractor();
  const silence = { values: extractor.silence, frames: 1, bins: extractor.bins };
  const example = { name: 'silence', label: 0, speaker: '', groups: {}, variants: [silence] };
  const set: ExampleSet = { labels: ['a', 'b'], features: extractor.options, speeds: [1], examples: [example] };
  /** They are resolved to one a label: the name that is resolved to what nothing is. */
  const classWeights = (...names: readonly ('none' | 'balanced')[]) =>
    names.find((name) =>
      isDeepStrictEqual(resolveTrainOptions(set, { classWeights: name }), resolveTrainOptions(set, {})),
    );

  it.each([
    ['docs/pipeline.md', 'FeatureExtractor', extractor.options],
    ['docs/pipeline.md', 'buildCnnLstm', resolveCnnLstmOptions({})],
    ['docs/training.md', 'train', { ...resolveTrainOptions(set, {}), classWeights: classWeights('none', 'balanced') }],
  ])('%s, options of %s', (page, head, options) => {
    const rows = documented(page, head);
    expect(rows.length).toBeGreaterThan(10);
    for (const [name, value] of rows) expect([name, at(options, name)]).toEqual([name, value]);
  });
});

it('parity.md names the versions that the stored oracles are of (oracle: the files they lie in)', () => {
  const { versions } = JSON.parse(read('test/reference/features/index.json')) as { versions: Record<string, string> };
  const page = read('docs/parity.md');
  for (const [name, written] of Object.entries({ scipy: 'SciPy', torch: 'PyTorch', torchaudio: 'torchaudio' })) {
    expect(page).toContain(`${written} ${versions[name]}`);
  }
});
