import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { buildCnnLstm, prepareExamples, saveModel, train } from 'speech-emotion';
import { modelDirectory, openCorpora } from 'speech-emotion/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AdaptFile } from '../../experiments/adapt/adaptFile.ts';
import { tinyWav } from '../support/fakeRavdess.ts';
import { runProgram } from '../support/program.ts';

/* Two speakers of TESS who say each emotion as a tone of its own, and a model that has hardly been trained. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-adapt-'));
  await mkdir(join(folder, 'tess'));
  for (const [i, speaker] of ['OAF', 'YAF'].entries()) {
    for (const [emotion, hz] of Object.entries({ happy: 300, sad: 900 })) {
      for (const word of ['back', 'bite', 'dog']) {
        const wav = tinyWav({ samples: 8000, hz: hz + 20 * i + word.length });
        await writeFile(join(folder, 'tess', `${speaker}_${word}_${emotion}.wav`), wav);
      }
    }
  }
  await tf.setBackend('cpu');
  const examples = await prepareExamples(await openCorpora([join(folder, 'tess')]));
  const { bins } = examples.examples[0]!.variants[0]!;
  const network = buildCnnLstm({
    ...{ bins, classes: examples.labels.length, convolution: [{ filters: 2, pool: [4, 4] }], recurrent: { units: 2 } },
  });
  const { model } = await train(network, examples, { epochs: 1, window: { frames: 32 } });
  await saveModel(model, modelDirectory(join(folder, 'models/loco-TESS-seed1')));
  network.dispose();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('npm run adapt-curve trains on one half of the speakers, tests on the other, and goes on where it was', async () => {
  const call = (clips: string) =>
    runProgram(
      'experiments/adapt/adaptCurve.ts',
      ['--corpora', 'tess', '--models', 'models', '--clips', clips, '--seed', '1', '--out', 'adapt.json'],
      folder,
    );
  const { code, stderr } = await call('1');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { stdout } = await call('1,2');
  expect(stdout).not.toContain('1 clips a label');
  const { points } = JSON.parse(await readFile(join(folder, 'adapt.json'), 'utf8')) as AdaptFile;
  expect(points.map(({ clips, way, trained, tested }) => [clips, way, trained, tested])).toEqual([
    ...['head', 'all', 'scratch'].map((way) => [1, way, 2, 6]),
    ...['head', 'all', 'scratch'].map((way) => [2, way, 4, 6]),
  ]);
  for (const { uar } of points) expect(uar).toBeGreaterThanOrEqual(0);
});
