import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const { code, stdout, stderr } = await runProgram('examples/node/start.ts', [], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const name of names) {
      const part = stdout.slice(stdout.indexOf(name)).split('\n\n')[0]!;
      const { label, confidence, sure, scores } = spoken(expected.get(name)!);
      expect(part).toContain(`: ${sure ? '' : 'not sure: '}${label} (${Math.round(100 * confidence)} %)`);
      for (const score of scores) expect(part).toMatch(bar(score));
    }
    expect(stdout).not.toContain('\x1b'); // no terminal, no colours

    expect(stdout).toContain('runs/report/index.html');
    const report = await readFile(join(folder, 'runs/report/index.html'), 'utf8');
    for (const name of names) expect(report).toContain(`<h2>${name}`);
    expect(report.match(/<svg /g)).toHaveLength(2 * names.length);
    expect(report.match(/aria-label="[^"]{20}/g)).toHaveLength(2 * names.length);
    expect(report).not.toMatch(/(src|href)="(?!data:)/); // nothing beside the file is needed
  });

  it('prints one line for each file that it cannot use, goes on with the others, and exits with 1', async () => {
    await writeFile(join(folder, 'notes.txt'), 'no sound at all');
    const files = ['missing.wav', 'notes.txt', join(clips, 'loud.wav')];
    const { code, stdout, stderr } = await runProgram('examples/node/start.ts', [...files, '--out', 'mine'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^missing\.wav: .*no such file/m);
    expect(stderr).toMatch(/^notes\.txt: Cannot decode audio: found text.*supported are WAV, FLAC, .* and MP3/m);
    expect(stderr).not.toMatch(/^ +at /m);
    for (const score of spoken(expected.get('loud.wav')!).scores) expect(stdout).toMatch(bar(score));
    expect(await readdir(join(folder, 'mine'))).toEqual(['index.html']);
  });

  it('computes the same on another backend', async () => {
    const { code, stdout } = await runProgram(
      'examples/node/start.ts',
      [join(clips, 'slow.wav'), '--backend', 'cpu'],
      folder,
    );
    expect(code).toBe(0);
    for (const score of spoken(expected.get('slow.wav')!).scores) expect(stdout).toMatch(bar(score));
  });

  it.each([
    [['--colour'], /Unknown option '--colour'/],
    [['--backend', 'abacus'], /--backend must be one of wasm, cpu, webgpu, got abacus/],
    [['--model', 'nowhere'], /Cannot read the model: .*nowhere/],
  ])('refuses %s without a stack', async (parameters, message) => {
    const { code, stderr } = await runProgram('examples/node/start.ts', parameters, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('prints its usage', async () => {
    const { code, stdout } = await runProgram('examples/node/start.ts', ['--help'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^npm start .*--backend NAME/s);
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
