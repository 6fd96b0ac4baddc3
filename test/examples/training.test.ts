import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { EmotionClassifier } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeRavdess, tinyWav, zipOf } from '../support/fakeRavdess.ts';
import { runProgram } from '../support/program.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-training-'));
  await tf.setBackend('wasm');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('crossValidate.ts', () => {
  it('tests every clip of an archive once', async () => {
    const clips = fakeRavdess('speech', [1, 2]).filter(({ name }) => /-01-01-01-\d\d\.wav$/.test(name));
    await writeFile(join(folder, 'two.zip'), new Uint8Array(await (await zipOf(clips)).arrayBuffer()));
    const { code, stdout, stderr } = await runProgram('examples/node/crossValidate.ts', ['two.zip', '1'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/^speaker2\/[01]: UAR /gm)).toHaveLength(2);
    expect(stdout).toContain('16 clips of 2 speakers');
  }, 120_000);
});

describe('ownRecordings.ts', () => {
  it('trains on labelled folders and saves a model that loads', async () => {
    for (const [label, hz] of Object.entries({ bored: 200, excited: 900 })) {
      await mkdir(join(folder, 'own', label), { recursive: true });
      for (const speaker of ['anna', 'ben', 'cem', 'dora']) {
        const wav = tinyWav({ samples: 6400, hz });
        for (const take of [1, 2]) await writeFile(join(folder, 'own', label, `${speaker}_${take}.wav`), wav);
      }
    }
    await writeFile(join(folder, 'own', 'notes.txt'), 'not a recording');
    const { code, stdout, stderr } = await runProgram('examples/node/ownRecordings.ts', ['own', '2'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('16 recordings of 4 speakers: bored, excited');
    expect(stdout).toMatch(/left out: own\/notes\.txt/);
    expect(stdout).toContain('4 clips of 1 speakers');
    const classifier = await EmotionClassifier.load(modelDirectory(join(folder, 'runs/own-model')));
    const { label } = await classifier.classify(tinyWav({ samples: 6400, hz: 900 }), { vad: false });
    expect(classifier.labels).toContain(label);
    expect(classifier.labels).toEqual(['bored', 'excited']);
    classifier.dispose();
  }, 120_000);
});

describe('train.ts', () => {
  it('trains on some actors of an archive, tests on others, and saves a model that loads', async () => {
    const clips = fakeRavdess('speech', [1, 2, 3]).filter(({ name }) => /-01-01-01-\d\d\.wav$/.test(name));
    await writeFile(join(folder, 'three.zip'), new Uint8Array(await (await zipOf(clips)).arrayBuffer()));
    const { code, stdout, stderr } = await runProgram('examples/node/train.ts', ['three.zip', '2'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/^epoch \d: loss \d\.\d{3}, validation UAR \d+\.\d %$/gm)).toHaveLength(2);
    expect(stdout).toContain('8 clips of 1 speakers');
    const classifier = await EmotionClassifier.load(modelDirectory(join(folder, 'runs/model')));
    expect(classifier.labels).toHaveLength(8);
    classifier.dispose();

    const again = await runProgram('examples/node/train.ts', ['three.zip', '2'], folder);
    expect(again.stdout).toMatch(/^resumes after epoch 2$/m);
    expect(again.stdout).not.toContain('epoch 1: loss');
  }, 120_000);
});
