import { exec } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { EmotionClassifier, type EmotionResult, FeatureExtractor, toWaveform } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, runProgram } from '../support/program.ts';
import { spoken } from '../support/spoken.ts';

/* Oracle: what the library gives for the same files in this process. */

const clips = join(root, 'examples/clips');
let folder: string;
let names: string[];
const expected = new Map<string, EmotionResult>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-start-'));
  names = (await readdir(clips)).filter((name) => name.endsWith('.wav'));
  await tf.setBackend('wasm');
  const classifier = await EmotionClassifier.load(pretrained);
  for (const name of names) expected.set(name, await classifier.classify(await readFile(join(clips, name))));
  classifier.dispose();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const bar = ({ label, score }: { label: string; score: number }) =>
  new RegExp(`^  ${label} +[█·]{40} +${(100 * score).toFixed(1).replace('.', '\\.')} %$`, 'm');

describe('npm start', () => {
  it('prints a bar for each emotion of each clip, and writes a report', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const report = join(folder, 'index.html');
    const script = scripts.start.replace('runs/report/index.html', report);
    const { stdout, stderr } = await promisify(exec)(script, { cwd: root });
    expect(stderr).toBe('');
    for (const name of names) {
      const part = stdout.slice(stdout.indexOf(name)).split('\n\n')[0]!;
      const { label, confidence, sure, scores } = spoken(expected.get(name)!);
      expect(part).toContain(`: ${sure ? '' : 'unsure: '}${label} (${Math.round(100 * confidence)} %)`);
      for (const score of scores) expect(part).toMatch(bar(score));
    }
    const page = await readFile(report, 'utf8');
    for (const name of names) expect(page).toContain(`<h2>examples/clips/${name}`);
    // each picture for light and for dark pages
    expect(page.match(/<svg /g)).toHaveLength(4 * names.length);
  });
});

describe('classify.ts', () => {
  it('prints what the library finds', async () => {
    const { code, stdout } = await runProgram('examples/node/classify.ts', [join(clips, 'slow.wav')], folder);
    expect(code).toBe(0);
    const { label, confidence, sure, scores } = spoken(expected.get('slow.wav')!);
    const lines = scores.map((one) => `${one.label} ${one.score.toFixed(3)}`);
    expect(stdout.trim()).toBe(
      [`${label}, ${Math.round(100 * confidence)} %${sure ? '' : ', not sure'}`, ...lines].join('\n'),
    );
  });
});

describe('features.ts', () => {
  it('describes what the library extracts, and draws it', async () => {
    const file = join(clips, 'flat.wav');
    const { code, stdout } = await runProgram('examples/node/features.ts', [file], folder);
    expect(code).toBe(0);
    const { frames, bins } = await new FeatureExtractor().extract(await toWaveform(await readFile(file)));
    expect(stdout).toContain(`[${frames}, ${bins}]`);
    expect(await readFile(join(folder, 'runs/spectrogram.svg'), 'utf8')).toMatch(/^<svg /);
  });
});
