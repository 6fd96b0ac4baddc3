import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { evaluate, loadModel, prepareExamples } from 'speech-emotion';
import { modelDirectory, openRavdess } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

const ACTORS = [1, 2, 3, 8, 10]; // one of each fold of si5

/* On a made-up corpus: a tone for each emotion. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-train-'));
  await tf.setBackend('wasm');
  await writeFakeCorpus(join(folder, 'corpus'), ACTORS);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run train', () => {
  const parameters = ['--data', 'corpus', '--epochs', '3', '--batch-size', '8', '--test-actors', '2,8'];

  it('trains, evaluates on unseen actors, and writes a model that gives the same figures', async () => {
    const { code, stdout, stderr } = await runProgram(
      'experiments/training/train.ts',
      [...parameters, '--out', 'whole'],
      folder,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Trains on actors \d+, \d+; validates on \d+; tests on 2, 8\.$/m);
    expect(stdout.match(/^Epoch \d of 3: loss \d\.\d{3}, in validation \d\.\d{3} with UAR/gm)).toHaveLength(3);
    expect(stdout).toMatch(/UAR \d.* tested on actors 2, 8, never heard in training or validation/);

    const results = JSON.parse(await readFile(join(folder, 'whole/evaluation.json'), 'utf8'));
    const { evaluation, actors } = results;
    expect([...actors.train, ...actors.validation, ...actors.test].sort((a, b) => a - b)).toEqual(ACTORS);
    expect(evaluation.confusion.flat().reduce((sum: number, count: number) => sum + count)).toBe(16); // 2 actors, 8 clips
    expect(evaluation.uar).toBeCloseTo(uarOf(evaluation.confusion), 12);
    expect(stdout).toContain(`UAR ${(100 * evaluation.uar).toFixed(1)} %`);

    const model = await loadModel(modelDirectory(join(folder, 'whole/model')));
    const test = (await openRavdess(join(folder, 'corpus'))).filter({ actors: [2, 8] });
    const again = await evaluate(model, await prepareExamples(test, { labels: test.labels }));
    expect(again.confusion).toEqual(evaluation.confusion);
    expect(model.settings.training.evaluation?.metrics.uar).toBe(evaluation.uar);
    expect(model.settings.training.data.licence).toBe('CC BY-NC-SA 4.0');
    model.network.dispose();

    const report = await readFile(join(folder, 'whole/report.html'), 'utf8');
    expect(report.match(/<svg /g)).toHaveLength(2);
    expect(report).toContain('never heard in training or validation');
  }, 300_000);

  it('killed, resumes with the same command and ends in the same weights; features come from the cache', async () => {
    const killed = await runProgram(
      'experiments/training/train.ts',
      [...parameters, '--out', 'killed'],
      folder,
      (child, stdout) => {
        if (stdout.includes('Epoch 2 of 3')) child.kill('SIGKILL');
      },
    );
    expect(killed.code).toBe(null);
    expect(killed.stdout).toMatch(/^Features of 40 clips: from \.cache/m);
    const resumed = await runProgram('experiments/training/train.ts', [...parameters, '--out', 'killed'], folder);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toMatch(/^Going on after epoch [12]\.$/m);
    expect(resumed.stdout).not.toContain('Epoch 1 of 3');
    // Oracle: the run above, which nothing stopped.
    const [whole, killedOnce] = await Promise.all(
      ['whole', 'killed'].map((name) => weightsIn(join(folder, name, 'model'))),
    );
    expect(differenceOf(whole!, killedOnce!)).toBeLessThan(1e-5); // wasm; bit for bit on cpu, see test/training
  }, 300_000);

  it('interrupted by Ctrl-C, says so, and resumes with the same command', async () => {
    const stopped = await runProgram(
      'experiments/training/train.ts',
      [...parameters, '--out', 'stopped'],
      folder,
      (child, stdout) => {
        if (stdout.includes('Epoch 1 of 3')) child.kill('SIGINT');
      },
    );
    expect(stopped.stderr.trim()).toBe('Stopped. The same command resumes from here.');
    expect(stopped.code).toBe(1);
    const resumed = await runProgram('experiments/training/train.ts', [...parameters, '--out', 'stopped'], folder);
    expect(resumed.stdout).toMatch(/^Going on after epoch [12]\.$/m);
    expect(resumed.code).toBe(0);
  }, 300_000);

  it('refuses wrong options in one line, without a stack', async () => {
    for (const [wrong, message] of [
      [['--epochs', '3'], /--data must name an archive or a folder/],
      [['--data', 'nowhere'], /Cannot read 'nowhere'/],
      [['--data', 'corpus', '--epochs', 'many'], /--epochs: it must be a whole number, got many/],
      [['--data', 'corpus', '--test-actors', '7'], /test speakers must be among 01, 02, 03, 08, 10, got 07/],
      [[...parameters, '--seed', '2', '--out', 'whole'], /checkpoint is of a run with another network.*--fresh/s],
    ] as const) {
      const { code, stderr } = await runProgram('experiments/training/train.ts', wrong, folder);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    }
  }, 300_000);
});

/** Recall averaged over the labels that have clips, from its definition. */
function uarOf(confusion: number[][]): number {
  const recalls = confusion.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total > 0 ? [row[i]! / total] : [];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** The one weights file of a saved model. */
async function weightsIn(folder: string): Promise<Float32Array> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.bin'));
  return new Float32Array(new Uint8Array(await readFile(join(folder, name!))).buffer);
}

function differenceOf(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
