import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadModel, type ModelSettings } from 'speech-emotion';
import { fitTemperature, summarise } from 'speech-emotion/evaluation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releaseNames } from '../../experiments/release/release.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import type { ConfigName } from '../../experiments/training/trainingConfig.ts';
import { tinyWav } from '../support/fakeRavdess.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

const ACTORS = [1, 2, 3, 8, 10]; // one of each fold of si5

const RAVDESS_ALONE = {
  ...{ corpora: [] as string[], recordings: 40, speakers: 5, printed: '40 clips of 5 actors.' },
  ...{ name: 'RAVDESS speech, 5 actors', licence: 'CC BY-NC-SA 4.0' },
};

/* On a made-up corpus: a tone for each emotion. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-release-'));
  await tf.setBackend('wasm');
  await writeFakeCorpus(join(folder, 'corpus'), ACTORS);
  await mkdir(join(folder, 'tess'));
  for (const [i, emotion] of ['happy', 'sad', 'angry'].entries()) {
    for (const speaker of ['OAF', 'YAF']) {
      for (const word of ['back', 'dog']) {
        const wav = tinyWav({ samples: 6400, hz: 200 * 1.5 ** i + word.length });
        await writeFile(join(folder, 'tess', `${speaker}_${word}_${emotion}.wav`), wav);
      }
    }
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run train:release', () => {
  it.each([
    ['independent', 'all/si5.json', RAVDESS_ALONE],
    ['small', 'all/si5-small.json', RAVDESS_ALONE],
    [
      ...['voices', 'all/si5-voices.json'],
      {
        ...{
          corpora: ['--corpora', 'tess'],
          recordings: 52,
          speakers: 7,
          printed: '52 clips of 5 actors and 2 speakers of TESS.',
        },
        ...{
          name: 'RAVDESS speech, 5 actors and 2 speakers of TESS',
          licence: 'CC BY-NC-SA 4.0; TESS: CC BY-NC-ND 4.0',
        },
      },
    ] as const,
  ])(
    'trains on all actors; its evaluation is the cross-validation of its configuration, %s',
    async (config, results, { corpora, printed, ...data }) => {
      const name = releaseNames(config as ConfigName).model;
      const parameters = ['--data', 'corpus', ...corpora, '--epochs', '1', '--config', config];
      const folds = await runProgram(
        'experiments/protocols/evaluate.ts',
        [...parameters, '--protocol', 'si5', '--out', 'all'],
        folder,
      );
      expect(folds.stderr).toBe('');
      const release = [...parameters, '--results', results, '--out', 'pretrained', '--run', config];
      const { code, stdout, stderr } = await runProgram('experiments/release/trainRelease.ts', release, folder);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toContain(`Trains on ${printed}`);

      const weights = () => readFile(join(folder, `pretrained/${name}.bin`));
      const released = async () => {
        const json = JSON.parse(await readFile(join(folder, `pretrained/${name}.json`), 'utf8'));
        const model = await loadModel({ json, weights: new Uint8Array(await weights()) });
        model.network.dispose();
        return model.settings;
      };
      const first = await released();
      const { labels, calibration, training } = first;
      expect(training.data).toMatchObject(data);
      // Oracle: temperature and UAR, worked out from the probabilities in the file of results.
      const found = async () => {
        const { runs }: ResultFile = JSON.parse(await readFile(join(folder, results), 'utf8'));
        const clips = runs.flatMap(({ testClips }) => Object.entries(testClips));
        return clips.map(([name, probabilities]) => ({
          ...{ name, probabilities, label: Number(name.slice(6, 8)) - 1, speaker: name.slice(18, 20), groups: {} },
        }));
      };
      const predictions = await found();
      expect(calibration.temperature).toBeCloseTo(fitTemperature(predictions), 6);
      expect(training.evaluation!.metrics.uar).toBeCloseTo(
        summarise(labels, [{ predictions, temperature: 1 }]).uar,
        12,
      );

      const other = await runProgram('experiments/release/trainRelease.ts', [...release, '--epochs', '2'], folder);
      expect(other.stderr).toContain(`${results} must hold results of the model's configuration`);

      const before = await weights();
      const second = [...parameters, '--protocol', 'si5', '--out', 'all', '--seed', '2'];
      expect((await runProgram('experiments/protocols/evaluate.ts', second, folder)).stderr).toBe('');
      const calibrate = ['--config', config, '--results', results, '--out', 'pretrained'];
      expect((await runProgram('experiments/release/calibrateRelease.ts', calibrate, folder)).stderr).toBe('');
      expect(await weights()).toEqual(before);
      const again = await released();
      const more = await found();
      expect(more).toHaveLength(2 * predictions.length);
      expect(again.calibration.temperature).toBeCloseTo(fitTemperature(more), 6);
      expect(again.training.evaluation!.protocol).toContain('2 seeds');
      const rest = ({ calibration: _, training: { evaluation: __, ...own }, ...others }: ModelSettings) => [
        own,
        others,
      ];
      expect(rest(again)).toEqual(rest(first));

      const nowhere = await runProgram(
        'experiments/release/calibrateRelease.ts',
        ['--config', config, '--out', 'nowhere'],
        folder,
      );
      expect(nowhere.stderr).toContain(`--out must be where ${name}.json is, got 'nowhere'`);
      const empty = ['--config', config, '--out', 'pretrained', '--results', 'none.json'];
      expect((await runProgram('experiments/release/calibrateRelease.ts', empty, folder)).stderr).toContain(
        "none.json must hold results of the model's configuration, got no such file",
      );
      const odd = releaseNames(config === 'small' ? 'independent' : 'small').model;
      for (const end of ['json', 'bin']) {
        await copyFile(join(folder, `pretrained/${name}.${end}`), join(folder, `pretrained/${odd}.${end}`));
      }
      const refused = await runProgram(
        'experiments/release/calibrateRelease.ts',
        ['--config', config === 'small' ? 'independent' : 'small', '--out', 'pretrained'],
        folder,
      );
      expect(refused.stderr).toContain('the model must have the network of the configuration, got another');
    },
    600_000,
  );
});
