import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { buildCnnLstm, presets } from 'speech-emotion';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SystemsFile } from '../../experiments/results/resultFile.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

/* On a made-up corpus: a tone for each emotion. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-compare-'));
  await writeFakeCorpus(join(folder, 'corpus'), [1, 2, 3, 8, 10]); // one of each fold of si5
  await tf.setBackend('cpu');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run compare', () => {
  const parameters = ['--data', 'corpus', '--epochs', '1', '--batch-size', '8', '--out', 'compared', '--workers', '1'];
  const resultsIn = async (): Promise<SystemsFile> =>
    JSON.parse(await readFile(join(folder, 'compared/systems.json'), 'utf8'));

  it('trains systems under one protocol, adds to what is there, and keeps folds that are done', async () => {
    const first = await runProgram(
      'experiments/compare/compare.ts',
      [...parameters, '--only', 'lstm,functionalsLinearSvm'],
      folder,
    );
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const { systems, protocol, seeds, training } = await resultsIn();
    expect({ protocol, seeds, training }).toEqual({
      protocol: 'si5',
      seeds: [1],
      training: { epochs: 1, batchSize: 8 },
    });
    const [network, conventional] = systems;
    expect(systems.map(({ name }) => name)).toEqual(['lstm', 'functionalsLinearSvm']);
    // Oracle: the preset's network, counted here.
    const built = buildCnnLstm({ ...presets.lstm, seed: 1 });
    expect(network!.parameters).toBe(built.countParams());
    built.dispose();
    for (const { uar, war, interval, folds } of systems) {
      expect(folds.map(({ fold }) => fold)).toEqual([0, 1, 2, 3, 4].map((i) => `actors5/${i}`));
      // Property: each fold has as many clips, one of each emotion, so that the whole is the mean of its folds.
      for (const [whole, of] of [
        [uar, 'uar'],
        [war, 'war'],
      ] as const) {
        expect(folds.reduce((sum, fold) => sum + fold[of] / 5, 0)).toBeCloseTo(whole, 12);
      }
      expect(interval[0]).toBeLessThanOrEqual(uar);
      expect(interval[1]).toBeGreaterThanOrEqual(uar);
    }
    expect(conventional!.uar).toBeGreaterThan(0.9); // tones of eight pitches are nearly told apart by planes

    const second = await runProgram('experiments/compare/compare.ts', [...parameters, '--only', 'cnn,lstm'], folder);
    expect(second.stderr).toBe('');
    expect(second.code).toBe(0);
    expect(second.stdout.split('cnn: UAR')[1]).not.toMatch(/: epoch \d/); // lstm was done before
    const after = await resultsIn();
    expect(after.systems.map(({ name }) => name)).toEqual(['cnn', 'lstm', 'functionalsLinearSvm']); // in the order of the presets
    expect(after.systems[1]).toEqual(network);

    // Made up, to see that the whole command leaves what is there as it is.
    const all = Object.keys(presets).map((name) => ({ ...network!, name }));
    await writeFile(join(folder, 'compared/systems.json'), JSON.stringify({ ...after, systems: all }));
    const rest = await runProgram('experiments/compare/compare.ts', parameters, folder);
    expect(rest.code).toBe(0);
    expect(rest.stdout).not.toMatch(/: epoch \d/);
    const whole = (await resultsIn()).systems;
    expect(whole.slice(0, all.length)).toEqual(all);
    expect(whole.slice(all.length).map(({ name }) => name)).toEqual(['functionalsLinearSvm', 'functionalsSvm']);
  }, 240_000);

  it('refuses wrong options in one line, without a stack', async () => {
    for (const [wrong, message] of [
      [['--only', 'lstm,best'], /--only must name some of paper, .*, got best/],
      [['--only', 'lstm', '--epochs', '2'], /systems.json: it holds a comparison under other conditions/],
    ] as const) {
      const { code, stderr } = await runProgram('experiments/compare/compare.ts', [...parameters, ...wrong], folder);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    }
  }, 60_000);
});
