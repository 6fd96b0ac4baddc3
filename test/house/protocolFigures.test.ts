import { describe, expect, it } from 'vitest';
import { breakdown } from '../../docs/figures/breakdown.ts';
import { clipsOf } from '../../docs/figures/modelFigures.ts';
import { type ProtocolFigures, protocolFigures, sexGap } from '../../docs/figures/protocolFigures.ts';
import { protocolSection } from '../../docs/figures/protocolSection.ts';
import { reliabilityBins } from '../../docs/figures/reliability.ts';
import { completeSeeds } from '../../docs/figures/resultRuns.ts';
import type { TrialLine } from '../../docs/figures/results.ts';
import { RandomStream } from '../../src/core/random.ts';
import { combineFolds } from '../../src/crossValidation/crossValidation.ts';
import { expectedCalibrationError } from '../../src/evaluation/metrics.ts';
import { madeUpResults, sayLabel } from '../support/madeUpResults.ts';

const next = (label: number) => (label + 1) % 8;

/**
 * Seed 1 takes every clip of a woman for the next emotion, with 0.6 for it and 0.4 for the truth, and is sure and right of men.
 * Seed 2 is right of everybody, with 0.9. Seed 3 lacks a fold.
 */
const file = madeUpResults('si5', [1, 2, 3], ({ seed, actor, label }) =>
  seed === 1 && actor % 2 === 0 ? sayLabel(next(label), 0.6, label) : sayLabel(label, seed === 1 ? 1 : 0.9),
);
const runs = file.runs.filter(({ seed, fold }) => seed !== 3 || fold !== 'actors5/4');
const two = protocolFigures({ ...file, runs })!;
const one = protocolFigures({ ...file, runs: runs.filter(({ seed }) => seed === 1) })!;

describe('figures of a protocol (oracle: closed forms)', () => {
  it('counts seeds that have every fold, and names the others', () => {
    expect([two.seeds, two.incomplete, two.folds.length, two.clips]).toEqual([[1, 2], [3], 5, 1440]);
    const most = runs.filter(({ seed }) => seed === 3); // all folds that are there, but not the protocol's
    const halves = runs.filter(({ seed, fold }) => (seed === 1) === (fold === 'actors5/0')); // all there, but of no one seed
    for (const some of [most, halves]) {
      expect(protocolFigures({ ...file, runs: some })).toBeUndefined();
      expect(protocolSection({ ...file, runs: some }, undefined, [])).toContain('No seed has all folds yet.');
    }
  });

  it('one seed, right of half of each emotion: UAR and WAR 1/2; F1 where the wrong ones land; no ensemble', () => {
    expect([one.single.uar.mean, one.single.war.mean]).toEqual([0.5, 0.5]);
    // 2 TP / (predicted + actual): neutral 96/(144+96), calm 192/(144+192), the six others 192/(192+192).
    expect(one.single.macroF1.mean).toBeCloseTo((96 / 240 + 192 / 336 + 6 / 2) / 8, 12);
    expect([one.single.uar.std, one.ensemble]).toEqual([null, undefined]);
  });

  it('interval: as many men as a binomial draw of 24 holds, 7 to 17 in 95 %', () => {
    const { low, high, level } = one.single.uar.interval;
    expect(level).toBe(0.95);
    expect(low).toBeCloseTo(7 / 24, 12);
    expect(high).toBeCloseTo(17 / 24, 12);
  });

  it('neutral and calm as one: women’s neutral clips, taken for calm, become right', () => {
    const recall = (144 + 48) / 288;
    expect(one.single.merged.uar.mean).toBeCloseTo((recall + 6 / 2) / 7, 12);
    expect(one.single.merged.war.mean).toBeCloseTo((192 + 6 * 96) / 1440, 12);
  });

  it('neutral and calm as one: probabilities are added up before the highest is taken', () => {
    const split = ({ label }: { label: number }) => (label < 2 ? [0.3, 0.3, 0.4, 0, 0, 0, 0, 0] : sayLabel(label));
    const { single } = protocolFigures(madeUpResults('si5', [1], split))!;
    expect([single.uar.mean, single.merged.uar.mean]).toEqual([0.75, 1]);
  });

  it('over seeds: mean, sample deviation; the ensemble is right where the sum is', () => {
    expect(two.single.uar.mean).toBe(0.75);
    expect(two.single.uar.std).toBeCloseTo(0.5 / Math.SQRT2, 12);
    expect(two.ensemble!.uar.mean).toBe(1); // women: 0.4 + 0.9 for the truth against 0.6
    expect(two.single.uar.interval.low).toBeCloseTo((1 + 7 / 24) / 2, 12);
  });

  it('seeds beside each other: of women, the same wrong label, another one, or the right one', () => {
    const said = (second: (label: number) => number) =>
      protocolFigures(
        madeUpResults('si5', [1, 2], ({ seed, actor, label }) =>
          sayLabel(actor % 2 ? label : seed === 1 ? next(label) : second(label)),
        ),
      )!;
    const page = (second: (label: number) => number) => protocolSection(file, said(second), []).replaceAll('\n', ' ');
    expect(page(next)).toContain('50.0 % of the clips are recognised by all seeds, 50.0 % by none. 50.0 % get');
    expect(page((label) => next(next(label)))).toContain('50.0 % by none. 0.0 % get the same wrong label from all');
    expect(page((label) => label)).toContain('50.0 % of the clips are recognised by all seeds, 0.0 % by none.');
    expect(protocolSection(file, one, [])).not.toContain('by all seeds');
  });

  it('by group: men against women', () => {
    const { sex, actor, intensity } = one.single.pooled.groups;
    expect([sex!.male!.uar, sex!.female!.uar, sexGap(one.single), sexGap(two.ensemble!)]).toEqual([1, 0, 1, 0]);
    expect([actor!['01']!.war, actor!['02']!.war, intensity!.strong!.clips]).toEqual([1, 0, 24 * 28]);
    expect(sexGap(two.single)).toBe(0.5);
    const tables = breakdown(two, []);
    expect(tables).toMatch(/\| sex female +\| 720 +\| 50\.0 % +\| 50\.0 % +\| 100\.0 % +\| 100\.0 % \|/);
    expect(tables).toMatch(/\| actors5\/4 \| 1, 4, 9, 22 +\| 240 +\| 75\.0 % ± 35\.4 % +\| 100\.0 % +\|/);
    expect(tables).toContain('50.0 points (single model, 2 seeds), 0.0 points (ensemble of 2)');
  });
});

describe('calibration', () => {
  const noise = new RandomStream(1, 'made-up results');
  const guess = madeUpResults('si5', [1, 2], ({ label }) => {
    const values = Array.from({ length: 8 }, (_, i) => Math.exp(4 * noise.next() + (i === label ? 3 : 0)));
    const sum = values.reduce((total, value) => total + value, 0);
    return values.map((value) => value / sum);
  });
  const figures = protocolFigures(guess)!;

  it('each fold by the others, means over seeds (oracle: crossValidate’s own combination)', () => {
    const { seeds } = completeSeeds(guess.runs, guess);
    const combined = combineFolds(guess.labels, 'independent', seeds, [], { resamples: 1 });
    for (const score of ['nll', 'brier', 'ece'] as const) {
      for (const state of ['uncalibrated', 'calibrated'] as const) {
        const mean = combined.runs.reduce((sum, { pooled }) => sum + pooled[state][score], 0) / 2;
        expect(figures.single[state][score], `${state} ${score}`).toBeCloseTo(mean, 12);
      }
    }
    expect(figures.single.calibrated.nll).toBeLessThan(figures.single.uncalibrated.nll);
  });

  it('bins of the diagram: their weighted gaps are the calibration error (oracle: its definition)', () => {
    const clips = figures.single.seeds.flatMap(clipsOf);
    const bins = reliabilityBins(clips).filter(({ share }) => share > 0);
    const gaps = bins.reduce(
      (sum, { share, accuracy, confidence }) => sum + share * Math.abs(accuracy - confidence),
      0,
    );
    expect(gaps).toBeCloseTo(expectedCalibrationError(clips), 12);
    expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { from, to, confidence } of bins) expect(from < confidence && confidence <= to).toBe(true);
  });
});

describe('what the search has seen (oracle: clips right where they were scored, and wrong elsewhere)', () => {
  const trial = (protocol: string, ...names: string[]): TrialLine => ({
    ...{ trial: 'a', why: 'b', protocol, seconds: 1, commit: 'c', copies: { uar: 0.5 } },
    single: { uar: 0.5, war: 0.5, nll: 1 },
    splits: names.map((name) => ({ name })),
  });
  const searched = [
    trial('si5', 'actors5/1 without actors5/0', 'actors5/3 without actors5/2'),
    trial('sd10', 'recording10/1 without recording10/0'),
  ];
  const scored = [3, 6, 7, 13, 18, 8, 17, 21, 23, 24];
  const rightIf = (protocol: string, holds: (clip: { actor: number; fold: string }) => boolean): ProtocolFigures =>
    protocolFigures(madeUpResults(protocol, [1], (clip) => sayLabel(holds(clip) ? clip.label : next(clip.label))))!;
  const [seen, unseen] = [/were scored on.*\| (\d+) +\| 100\.0 % \(100/, /was scored on.*\| (\d+) +\| 0\.0 % \(0\.0/];

  it.each(['si5', 'si6'])('%s: by actor, in whichever protocol they were scored', (protocol) => {
    const tables = breakdown(
      rightIf(protocol, ({ actor }) => scored.includes(actor)),
      searched,
    );
    expect([tables.match(seen)?.[1], tables.match(unseen)?.[1]]).toEqual(['600', '840']);
  });

  it('sd10: by fold, since every fold tests every actor', () => {
    const tables = breakdown(
      rightIf('sd10', ({ fold }) => fold === 'recording10/1'),
      searched,
    );
    expect([tables.match(seen)?.[1], tables.match(unseen)?.[1]]).toEqual(['144', '1296']);
  });

  it('is left out where no trial was of that kind, or all clips were scored', () => {
    const si5 = rightIf('si5', () => true);
    const all = Array.from({ length: 5 }, (_, i) => `actors5/${i} without actors5/0`);
    expect(breakdown(si5, searched.slice(1))).not.toContain('scored on');
    expect(breakdown(si5, [trial('si5', ...all)])).not.toContain('scored on');
    expect(() => breakdown(si5, [trial('si5', 'other/0')])).toThrow('must be of a published fold');
  });
});

describe('files that cannot be counted', () => {
  const small = { ...file, runs: file.runs.slice(0, 5) };
  const [first, second, ...others] = small.runs;
  const swapped = [{ ...second!, fold: first!.fold }, { ...first!, fold: second!.fold }, ...others].map((run) => ({
    ...run,
    seed: 2,
  }));
  it.each([
    ['a run twice', { ...small, runs: [...small.runs, small.runs[0]!] }, 'one run of actors5/0'],
    ['a clip in two folds', { ...small, runs: [first!, { ...first!, fold: second!.fold }, ...others] }, 'a clip twice'],
    ['an emotion that is no label', { ...small, labels: ['neutral', 'calm'] }, 'must be of one of neutral, calm'],
    ['seeds that differ in clips', { ...small, runs: [...small.runs, ...swapped] }, 'same clips'],
  ])('%s', (_, wrong, message) => {
    expect(() => protocolFigures(wrong)).toThrow(message);
  });
});
