import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { aims, aimsSection, isReached } from '../../docs/figures/aims.ts';
import { comparisonSection } from '../../docs/figures/comparison.ts';
import { curvePoints } from '../../docs/figures/learningCurve.ts';
import { picture } from '../../docs/figures/picture.ts';
import { protocolFigures } from '../../docs/figures/protocolFigures.ts';
import { type Results, readResults } from '../../docs/figures/results.ts';
import { resultsPage } from '../../docs/figures/resultsPage.ts';
import { conditionFigures } from '../../docs/figures/robustness.ts';
import { points, ranges, spread } from '../../docs/figures/words.ts';
import type { LearningCurveFile, ResultFile, RobustnessFile } from '../../experiments/results/resultFile.ts';
import { TRAINING_CONFIGS } from '../../experiments/training/trainingConfig.ts';
import {
  clipNames,
  HEAD,
  type MadeUpClip,
  madeUpResults,
  madeUpRuns,
  recognisedIn,
  sayLabel,
} from '../support/madeUpResults.ts';

const root = resolve(import.meta.dirname, '../..');
const template = readFileSync(`${root}/docs/results.md`, 'utf8').replace(
  /(<!-- figures:\w+ -->).*?(<!-- \/figures -->)/gs,
  '$1\n\n$2',
);

/** Right of all, but for what is angry, which it takes for disgust. */
const butAngry = ({ label }: MadeUpClip) => sayLabel(label === 4 ? 6 : label);
const right = ({ label }: MadeUpClip) => sayLabel(label);

const si5 = madeUpResults('si5', [1, 2], right);

/** A digit a clip: what is said of it under that condition. */
function condition(name: string, seeds: readonly number[], say: (clip: MadeUpClip) => readonly number[]) {
  return { name, description: `${name}, in words`, runs: madeUpRuns('si5', seeds, say).map(recognisedIn) };
}

const conditions = [
  condition('clean', [1, 2], right),
  condition('noise-20db', [1, 2], (clip) => (clip.seed === 1 ? butAngry(clip) : right(clip))),
  condition('gain+12db', [1], butAngry),
  condition('gain-12db', [1, 2], right),
];
const robustness: RobustnessFile = { ...HEAD, conditions };

describe('robustness (oracle: closed forms; one emotion of eight lost is 12.5 points, 192 of 1440 clips)', () => {
  const [clean, noise, louder, quieter] = conditionFigures(robustness, si5);

  it('means over the seeds that have the condition and the clean clips', () => {
    expect([clean?.uar, clean?.change, clean?.unchanged]).toEqual([1, 0, 1]);
    expect([noise?.uar, noise?.change, noise?.seeds]).toEqual([1 - 1 / 16, -1 / 16, [1, 2]]);
    expect(noise?.unchanged).toBeCloseTo(1 - 96 / 1440, 12);
    expect([louder?.change, louder?.seeds]).toEqual([-1 / 8, [1]]);
    expect(quieter?.change).toBe(0);
  });

  it('a seed that lacks a fold does not count; nothing counts without clean clips; digits must be as many as clips', () => {
    const short = { ...conditions[1]!, runs: conditions[1]!.runs.slice(1) };
    const [, one] = conditionFigures({ ...robustness, conditions: [conditions[0]!, short] }, si5);
    expect([one?.seeds, one?.change]).toEqual([[2], 0]);
    expect(conditionFigures({ ...robustness, conditions: conditions.slice(1) }, si5)).toEqual([]);
    const [first, ...others] = conditions[0]!.runs;
    const wrong = { ...conditions[0]!, runs: [{ ...first!, recognised: '0' }, ...others] };
    expect(() => conditionFigures({ ...robustness, conditions: [wrong] }, si5)).toThrow(
      'a digit for each clip of actors5/0, 300, got 1',
    );
  });
});

/** The first so many clips of each emotion are recognised, by name, so by actor. */
const firstActors = (count: number) => (clip: MadeUpClip) =>
  sayLabel(clip.actor <= count ? clip.label : (clip.label + 1) % 8);

const learningCurve: LearningCurveFile = {
  ...HEAD,
  points: [
    { actors: 18, runs: madeUpRuns('si5', [1, 2], firstActors(18)) },
    { actors: 6, runs: madeUpRuns('si5', [1, 2], firstActors(6)).filter(({ seed }) => seed === 1) },
    { actors: 12, runs: madeUpRuns('si5', [1], firstActors(12)).slice(1) },
  ],
};

describe('the learning curve (oracle: n of 24 actors recognised is UAR n / 24)', () => {
  const of = (protocols: readonly ResultFile[]) =>
    curvePoints(learningCurve, protocols).map(({ actors, name, seeds, uar }) => [actors, name, seeds, uar.mean]);
  const some = [
    [6, '6', [1], 6 / 24],
    [18, '18', [1, 2], 18 / 24],
  ];

  it('has points in order, without incomplete ones', () => {
    expect(of([])).toEqual(some);
  });

  it('ends with the protocol itself, whose folds train on all but those they test: 24 less 5, 5, 5, 5 and 4', () => {
    expect(of([si5])).toEqual([...some, [96 / 5, 'all: 19 or 20', [1, 2], 1]]);
    expect(of([{ ...si5, config: { ...HEAD.config, songs: false } }])).toEqual(some);
    expect(of([madeUpResults('si6', [1], right)])).toEqual(some);
    expect(curvePoints({ ...learningCurve, points: [] }, [si5])).toEqual([]);
  });
});

describe('aims (oracle: the bounds)', () => {
  const figures = (file: ResultFile) => protocolFigures(file)!;
  const verdicts = (protocol: string, say: (clip: MadeUpClip) => readonly number[], change = 0) =>
    aims({
      protocols: [figures(madeUpResults(protocol, [1, 2], say))],
      robustness: { protocol, conditions: [{ ...conditionFigures(robustness, si5)[1]!, change }] },
    }).map((aim) => [aim.protocol, isReached(aim)]);

  it('are reached by what is right, not by what is wrong, and unknown where there is nothing', () => {
    const all = verdicts('si5', right);
    expect(all.filter(([, reached]) => reached)).toHaveLength(9);
    expect(all.filter(([, reached]) => reached === undefined)).toHaveLength(3); // sd10, and gain
    const none = verdicts('si5', ({ label }) => sayLabel((label + 2) % 8), -0.04);
    expect(none.filter(([, reached]) => reached === false)).toHaveLength(7); // all but the gap, which is 0
    expect(aims({ protocols: [] }).every((aim) => isReached(aim) === undefined)).toBe(true);
    expect(aimsSection({ protocols: [] })).not.toMatch(/\| (not )?reached/);
  });

  it('hold at the bound itself, but for the listeners’', () => {
    const [war] = aims({ protocols: [] });
    const at = (bound: '≥' | '≤' | '>', got: number) => isReached({ ...war!, bound, aim: 0.62, got });
    expect([at('≥', 0.62), at('≤', 0.62), at('>', 0.62)]).toEqual([true, true, false]);
    expect([at('≥', 0.6199), at('≤', 0.6201), at('>', 0.6201)]).toEqual([false, false, true]);
  });

  it('the worse gain counts', () => {
    const found = conditionFigures(robustness, si5);
    const gain = aims({ protocols: [], robustness: { protocol: 'si5', conditions: found } }).at(-1)!;
    expect([gain.got, isReached(gain)]).toEqual([-1 / 8, false]);
  });

  it('an ensemble of one is none', () => {
    const one = [figures(madeUpResults('si5', [1], right))];
    expect(aims({ protocols: one }).filter((aim) => aim.of === 'ensemble' && aim.got !== undefined)).toEqual([]);
  });
});

describe('the page (oracle: the files it is made of)', () => {
  const results: Results = {
    ...{ protocols: [si5], learningCurve, robustness },
    permuted: { ...madeUpResults('si5', [1], () => sayLabel(0)), truth: permuted() },
    trials: [
      {
        ...{ trial: 'wide', why: 'twice the width', protocol: 'si5', seconds: 12, commit: 'def5678' },
        single: { uar: 0.5, war: 0.51, nll: 1.2345 },
        copies: { uar: 0.52 },
        splits: [{ name: 'actors5/1 without actors5/0' }],
      },
    ],
  };

  it('has a section for each result, and a picture with its words for each that the page shows', async () => {
    const made = await resultsPage(template, results, [protocolFigures(si5)!]);
    const page = made['docs/results.md']!;
    const headings = Array.from(page.matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    expect(headings).toEqual([
      ...['Aims', 'Comparison with published results', 'si5', 'Permuted labels', 'Learning curve', 'Robustness'],
      ...['What was tried, and what limits it', 'The search'],
    ]);
    const shown = Array.from(page.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g), ([, alt, path]) => ({
      alt: alt!,
      path: `docs/${path}`,
    }));
    expect(shown.map(({ path }) => path).sort()).toEqual(
      Object.keys(made)
        .filter((path) => path.endsWith('.svg'))
        .sort(),
    );
    expect(shown.every(({ alt }) => alt.length > 80)).toBe(true);
    expect(page).toContain('recall of neutral 100.0 %');
    const commands = Array.from(page.matchAll(/^npm run (.*)$/gm), ([, command]) =>
      command!.replace(/--data \S+ ?/g, ''),
    );
    expect(commands).toEqual([
      'evaluate -- --protocol si5 --seed 1-2',
      'evaluate -- --protocol si5 --permuted --seed 1',
      'learning-curve -- --actors 6,18 --seed 1-2',
      'evaluate -- --protocol si5 --robustness --seed 1-2',
    ]);
    expect(page).toContain(
      '-- --data Audio_Speech_Actors_01-24.zip --data Audio_Song_Actors_01-24.zip --protocol si5 ',
    );
    expect(page).toMatch(
      /\| wide +\| twice the width \| si5 +\| 50\.0 % \| 51\.0 % \| 52\.0 % +\| 1\.23\d \| 12 +\| def5678 \|/,
    );
    expect(page).toMatch(/\*\*this library, ensemble of 2\*\* +\| never trained on +\| si5: five folds of actors/);
    expect(page).toMatch(/\| gain\+12db +\| gain\+12db, in words +\| 1 +\| 87\.5 % +\| −12\.5 points \| 86\.7 % +\|/);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    expect(await resultsPage(page, results, [protocolFigures(si5)!])).toEqual(made);
  });

  it('sets the small model beside the main one (oracle: closed forms, as above)', async () => {
    const small = { ...madeUpResults('si5', [1, 2], butAngry), config: TRAINING_CONFIGS.small };
    const smallRobustness = { ...HEAD, conditions: [condition('clean', [1, 2], butAngry)] };
    const both = { ...results, small, smallRobustness };
    const page = (await resultsPage(template, both, [protocolFigures(si5)!], protocolFigures(small)))[
      'docs/results.md'
    ]!;
    const [, section = ''] = page.split('## The small model');
    expect(section.replace(/\s+/g, ' ')).toContain(
      'The UAR of its single model is 12.5 points below that of the main configuration',
    );
    expect(section).toContain('--config small --protocol si5 --seed 1-2');
    expect(section).toMatch(/\| clean +\| clean, in words +\| 2 +\| 87\.5 % +\| – /);
    const headings = Array.from(page.matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    expect(headings.indexOf('The small model')).toBe(headings.indexOf('Robustness') + 1);
  });

  it('leaves out what is not there yet, and keeps what is written by hand', async () => {
    const made = await resultsPage(template, { protocols: [], trials: [] }, []);
    expect(Object.keys(made)).toEqual(['docs/results.md']);
    const headings = Array.from(made['docs/results.md']!.matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    expect(headings).toEqual(['Aims', 'Comparison with published results', 'What was tried, and what limits it']);
  });

  it('says whether permuted labels are at chance (oracle: one label for all is 1/8, the labels themselves are 1)', async () => {
    const pageOf = async (permuted: ResultFile) =>
      (await resultsPage(template, { ...results, permuted }, []))['docs/results.md']!.replace(/\s+/g, ' ');
    expect(await pageOf(results.permuted!)).toContain('UAR 12.5 % (12.5 % to 12.5 %); chance is 12.5 %, which lies in');
    const truth = permuted();
    const leak = madeUpResults('si5', [1], ({ name }) => sayLabel(truth[name]!));
    expect(await pageOf({ ...leak, truth })).toContain(
      'UAR 100.0 % (100.0 % to 100.0 %); chance is 12.5 %, which does not',
    );
  });

  it('puts what others reach beside what is reached here, by whether speakers were trained on', () => {
    const rows = comparisonSection([protocolFigures(madeUpResults('sd10', [1], right))!]).split('\n');
    const place = (text: string) => rows.findIndex((row) => row.includes(text));
    expect(place('this library, single model, 1 seed')).toBeGreaterThan(place('TIM-Net'));
    expect(place('TIM-Net')).toBeGreaterThan(place('Whisper'));
    expect(rows[place('**this library')]).toContain('UAR 100.0 %');
    expect(rows.slice(4).every((row) => row.split('|').length === 7)).toBe(true);
  });
});

/** Another truth for each clip, each label as often as there are clips of it by each actor. */
function permuted(): Record<string, number> {
  return Object.fromEntries(clipNames().map((name, i) => [name, (i * 7 + (i >> 3)) % 8]));
}

describe('pictures', () => {
  it('have a white ground, and are the same each time (oracle: another renderer; the picture drawn again)', async () => {
    const draw = () => resultsPage(template, { protocols: [si5], trials: [] }, [protocolFigures(si5)!]);
    const [first, again] = [await draw(), await draw()];
    expect(again).toEqual(first);
    for (const [path, svg] of Object.entries(first).filter(([path]) => path.endsWith('.svg'))) {
      const { pixels } = new Resvg(svg).render();
      expect([...pixels.subarray(0, 4)], path).toEqual([255, 255, 255, 255]);
      expect(
        pixels.some((value) => value < 128),
        path,
      ).toBe(true);
    }
  });

  it('number what they define on their own, and have few digits (by hand)', () => {
    const svg =
      '<svg a="b" width="10" height="20"><g id="gradient_7"/><path d="M1.23456,2.5" fill="url(#gradient_7)"/></svg>';
    expect(picture(svg)).toBe(
      '<svg a="b" width="10" height="20"><rect width="10" height="20" fill="#ffffff"/><g id="defined0"/><path d="M1.23,2.5" fill="url(#defined0)"/></svg>\n',
    );
    expect(() => picture('<svg/>')).toThrow('width and height');
  });
});

describe('docs/results, read', () => {
  it('sorts files by kind, protocols in their own order, and refuses others (oracle: the files written)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'results-'));
    const write = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content));
    try {
      write('sd10.json', { ...HEAD, protocol: 'sd10', runs: [] });
      write('si5.json', { ...HEAD, runs: [] });
      write('permuted.json', { ...HEAD, runs: [] });
      write('learning-curve.json', { ...HEAD, points: [] });
      write('robustness.json', { ...HEAD, conditions: [] });
      write('si5-small.json', { ...HEAD, runs: [] });
      write('robustness-small.json', { ...HEAD, conditions: [] });
      writeFileSync(join(folder, 'search.jsonl'), '{"trial":"a"}\n{"trial":"b"}\n');
      writeFileSync(join(folder, 'si5-confusion.svg'), '<svg/>');
      const found = await readResults(folder);
      expect(found.protocols.map(({ protocol }) => protocol)).toEqual(['si5', 'sd10']);
      expect([found.small?.runs, found.smallRobustness?.conditions]).toEqual([[], []]);
      expect(found.trials.map(({ trial }) => trial)).toEqual(['a', 'b']);
      expect([found.permuted, found.learningCurve?.points, found.robustness?.conditions]).toEqual([
        { ...HEAD, runs: [] },
        [],
        [],
      ]);
      write('si6.json', { ...HEAD, runs: [] });
      await expect(readResults(folder)).rejects.toThrow('docs/results/si6.json');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(await readResults(join(folder, 'missing'))).toEqual({ protocols: [], trials: [] });
  });
});

it('figures in words (by hand)', () => {
  const interval = { low: 0.5, high: 0.75, level: 0.95 };
  expect(spread({ mean: 0.625, std: 0.01, interval })).toBe('62.5 % ± 1.0 % (50.0 % to 75.0 %)');
  expect(spread({ mean: 0.625, std: null })).toBe('62.5 %');
  expect([-0.034, 0.05, -0.0001].map(points)).toEqual(['−3.4 points', '5.0 points', '0.0 points']);
  expect([ranges([1, 2, 3, 5]), ranges([7]), ranges([])]).toEqual(['1-3,5', '7', '']);
});
