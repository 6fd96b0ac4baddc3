import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { leaksPage } from '../../docs/figures/leaks.ts';
import { luckySplits, SPLITS } from '../../docs/figures/luckySplit.ts';
import { type LeakRun, type LeaksFile, type LeakWay, WAYS } from '../../experiments/leaks/leaksFile.ts';
import { TRAINING_CONFIGS } from '../../experiments/training/trainingConfig.ts';
import { madeUpResults, sayLabel } from '../support/madeUpResults.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/leaks.md'), 'utf8').replace(
  /(<!-- figures:\w+ -->).*?(<!-- \/figures -->)/gs,
  '$1\n\n$2',
);

const trained = (way: LeakWay, fold: number, uarByEpoch: readonly number[], leaks: LeakRun['leaks'] = {}): LeakRun => ({
  ...{ way, seed: 1, fold: `recording10/${fold}`, trained: 1296, tested: 144, leaks, uarByEpoch },
  ...{ uarOfTraining: 0.99, commit: 'abc1234' },
});
const fileOf = (...runs: LeakRun[]): LeaksFile => ({
  ...{ protocol: 'sd10', description: 'in words', config: TRAINING_CONFIGS.dependent, ways: WAYS, runs },
});
const made = async (...args: [LeaksFile?, ReturnType<typeof madeUpResults>?]) => {
  const pages = await leaksPage(page, args[0], args[1]);
  const text = pages['docs/leaks.md']!;
  return { pages, text, row: (name: string) => text.split('\n').find((line) => line.startsWith(`| ${name} `)) };
};

describe('docs/leaks.md (oracle: the runs it is made of)', () => {
  it('says what is not measured yet, and shows no picture of it', async () => {
    const { pages, text } = await made();
    expect(Object.keys(pages)).toEqual(['docs/leaks.md']);
    expect(text.match(/not measured yet +\|/g)).toHaveLength(2 * Object.keys(WAYS).length + 1);
    expect(text).toMatch(/^Not measured yet\.$/m);
    expect(text).toMatch(
      /\*\*Not measured yet:\*\* honest, normalised, altered, twice, video, on\s+training, together\./,
    );
    expect(text.replace(page, '')).not.toMatch(/undefined|NaN|> 95 %\*\* \|/);
  });

  it('means are over trainings, differences over those of the same fold; what is above 95 % is named (by hand)', async () => {
    const { pages, text, row } = await made(
      fileOf(
        trained('honest', 0, [0.5, 0.9, 0.8]),
        trained('honest', 1, [0.4, 0.7]),
        trained('twice', 0, [0.5, 0.96], { copy: 130, take: 2 }),
        trained('together', 1, [0.97, 0.95], { copy: 128, normalizer: 1 }),
      ),
    );
    expect(row('honest')).toMatch(/\| nothing +\| 2 +\| 75\.0 % +\| – +\| 80\.0 % +\|$/);
    expect(row('twice')).toMatch(/\| 1 +\| 96\.0 % \*\*> 95 %\*\* +\| 16\.0 points +\| 96\.0 % \*\*> 95 %\*\* +\|$/);
    expect(row('together')).toMatch(/\| 1 +\| 95\.0 % +\| 25\.0 points +\| 97\.0 % \*\*> 95 %\*\* +\|$/);
    expect(row('on training')).toMatch(/\| 2 +\| 99\.0 % \*\*> 95 %\*\* +\| 24\.0 points +\| – +\|$/);
    expect(row('altered')).toMatch(/\| 0 +\| not measured yet +\| – +\| – +\|$/);
    const words = text.replace(/\s+/g, ' ');
    expect(words).toContain(
      '**More than 95 %:** twice (96.0 %), twice, best epoch by the test (96.0 %), on training (99.0 %), ' +
        'together, best epoch by the test (97.0 %). **Not more:** as it should be (75.0 %), ' +
        'honest, best epoch by the test (80.0 %), together (95.0 %). **Not measured yet:** normalised, altered, video.',
    );
    expect(words).toContain(
      '160 epochs; 2 folds of sd10 (recording10/0, recording10/1) with 288 tested clips in all; 1 seed;',
    );
    expect(text).toMatch(/^\| twice +\| `copy` 130, `take` 2 +\|$/m);
    expect(text).toMatch(/^\| honest +\| none +\|$/m);
    expect((await leaksPage(text, fileOf(trained('honest', 0, [0.5])), undefined))['docs/leaks.md']).toContain(
      '50.0 %',
    );
    const svg = pages['docs/results/leaks.svg']!;
    expect(text).toContain('](results/leaks.svg)');
    const { pixels } = new Resvg(svg).render();
    expect([...pixels.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    expect(pixels.some((value) => value < 128)).toBe(true);
  });

  it('draws lucky splits of a cross-validation', async () => {
    const { row, text } = await made(
      undefined,
      madeUpResults('sd10', [1], ({ label }) => sayLabel(label, 0.9)),
    );
    expect(row('1')).toMatch(/\| 100\.0 % +\| 100\.0 % +\| 100\.0 % \*\*> 95 %\*\* +\| 100 of 100 +\|/);
    expect(text.replace(/\s+/g, ' ')).toContain('the luckiest of 100 splits (100.0 %)');
  });

  it('has no figure of a result that is written by hand (oracle: its text)', () => {
    const byHand = page.replace(/<!-- figures:.*?<!-- \/figures -->/gs, '').replace(/`[^`]*`/g, '');
    expect(byHand.replaceAll('95 %', '')).not.toMatch(/\d\s*%|\d[.,]\d/);
  });
});

describe('lucky splits (oracle: closed forms)', () => {
  const clips = Array.from({ length: 1440 }, (_, i) => ({
    ...{ name: `clip${i}`, label: i % 8, speaker: String(i % 24), groups: {} },
  }));
  const labels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const one = (label: number) => labels.map((_, i) => (i === label ? 1 : 0));

  it('are all the same where all clips are', () => {
    const right = clips.map((clip) => ({ ...clip, probabilities: one(clip.label) }));
    expect(luckySplits(labels, right)).toEqual(Array(SPLITS).fill(1));
  });

  it('scatter around the whole as random tenths do: SD √(p (1 − p) / n) but for what is without replacement', () => {
    const some = clips.map((clip, i) => ({
      ...clip,
      probabilities: one(i % 7 === 0 ? (clip.label + 1) % 8 : clip.label),
    }));
    const uars = luckySplits(labels, some);
    const mean = uars.reduce((sum, uar) => sum + uar / SPLITS, 0);
    const std = Math.sqrt(uars.reduce((sum, uar) => sum + (uar - mean) ** 2 / (SPLITS - 1), 0));
    const wanted = Math.sqrt(((6 / 7) * (1 / 7) * 0.9) / 144);
    expect(mean).toBeCloseTo(6 / 7, 2);
    expect(std / wanted).toBeGreaterThan(0.75);
    expect(std / wanted).toBeLessThan(1.25);
    expect(new Set(uars).size).toBeGreaterThan(5);
  });
});
