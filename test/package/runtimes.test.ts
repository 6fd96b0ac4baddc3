import { copyFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eachRuntime, inProject, project, root, snippet } from './inProject.ts';

/*
 * The package as a user gets it, on the runtimes that it is said to work on.
 * Oracle: the Node that runs the tests; engines differ in Math.exp and in fused multiply-add, and in nothing else.
 */

const [here] = Object.values(inject('runtimes')) as [string[]];
const TOLERANCE = 1e-6;

interface Answer {
  readonly scores: Record<'cpu' | 'wasm', Record<string, number>>;
  readonly sounds: Record<string, { samples: number; energy: number }>;
}

let expected: Answer;

beforeAll(async () => {
  for (const name of ['speech.flac', 'speech.mp3', 'speech.ogg'])
    await copyFile(join(root, 'test/fixtures/audio', name), join(project, name));
  await writeFile(join(project, 'answer.mjs'), ANSWER);
  await writeFile(join(project, 'network.mjs'), NETWORK);
  await writeFile(join(project, 'parallel.mjs'), PARALLEL);
  await writeFile(join(project, 'node.mjs'), await snippet('node.mjs'));
  expected = JSON.parse(await inProject(here, 'answer.mjs'));
});

/** Same labels in the same order, probabilities and decoded sound as near as engines allow. */
function expectSame(printed: string): void {
  const { scores, sounds } = JSON.parse(printed) as Answer;
  for (const backend of ['cpu', 'wasm'] as const) {
    expect(Object.keys(scores[backend])).toEqual(Object.keys(expected.scores.cpu));
    for (const [label, score] of Object.entries(expected.scores.cpu))
      expect(Math.abs(scores[backend][label]! - score), `${label} on ${backend}`).toBeLessThan(TOLERANCE);
  }
  expect(Object.keys(sounds)).toEqual(Object.keys(expected.sounds));
  for (const [name, { samples, energy }] of Object.entries(expected.sounds)) {
    expect(sounds[name]!.samples).toBe(samples);
    expect(Math.abs(sounds[name]!.energy / energy - 1)).toBeLessThan(TOLERANCE);
  }
}

eachRuntime((runtime, command) => {
  it('runs the README’s Node snippet', async () => {
    const printed = await inProject(command, 'node.mjs');
    expect(printed).toMatch(/^true\n(neutral|calm|happy|sad|angry|fearful|disgust|surprised) 0\.\d+ (true|false) \[/m);
    expect(printed.match(/label: /g)).toHaveLength(8);
  });

  it('decodes FLAC, MP3 and Ogg Vorbis and classifies a clip, on cpu and wasm', async () => {
    expectSame(await inProject(command, 'answer.mjs'));
  });

  it('trains in worker threads, to what one thread gives', async () => {
    expect(await inProject(command, 'parallel.mjs')).toContain('8 clips, the same: true true');
  });

  it('is importable from CommonJS, by require where the runtime allows it for ES modules', async () => {
    await writeFile(join(project, 'dynamic.cjs'), `import('speech-emotion').then((m) => console.log(typeof m.Stft));`);
    expect(await inProject(command, 'dynamic.cjs')).toContain('function');
    const [, major = 0, minor = 0] = /^Node (\d+)\.?(\d+)?/.exec(runtime)?.map(Number) ?? [];
    if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
      await writeFile(join(project, 'require.cjs'), `console.log(typeof require('speech-emotion').Stft);`);
      expect(await inProject(command, 'require.cjs')).toContain('function');
    }
  });
});

it('esbuild makes one file for Node of it, TensorFlow.js beside it', async () => {
  const require = `import { createRequire } from 'node:module';const require = createRequire(import.meta.url);`; // for what is CommonJS
  const options = ['--bundle', '--platform=node', '--format=esm', '--external:@tensorflow/*', `--banner:js=${require}`];
  await inProject(['npx', 'esbuild', 'answer.mjs', ...options, '--outfile=esbuilt.mjs']);
  expectSame(await inProject(here, 'esbuilt.mjs'));
});

describe('without the weights', () => {
  it('every other entry works once dist/pretrained is deleted, as docs/licences.md says', async () => {
    const installed = join(project, 'node_modules/speech-emotion');
    const folder = join(project, 'node_modules/without-weights'); // beside it, so that it finds the same dependencies
    await cp(installed, folder, { recursive: true });
    await rm(join(folder, 'dist/pretrained'), { recursive: true });
    const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      exports: Record<string, { default?: string }>;
    };
    const entries = Object.entries(exports).flatMap(([name, { default: file }]) =>
      file && !/pretrained|capture/.test(name) ? [`await import('without-weights${name.slice(1)}');`] : [],
    );
    expect(entries.length).toBeGreaterThan(3);
    await writeFile(join(project, 'unweighted.mjs'), [...entries, `console.log('all of them');`].join('\n'));
    expect(await inProject(here, 'unweighted.mjs')).toBe('all of them\n');
    // What is left is code: no file of it is as large as the small model's weights.
    const sizes = (await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await readFile(join(entry.parentPath, entry.name))).length);
    expect(Math.max(...(await Promise.all(sizes)))).toBeLessThan(250_000);
  });
});

/** The small model's scores of one clip by backend, and length and energy of a clip in three formats, printed as JSON. */
const ANSWER = `
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { EmotionClassifier, toWaveform } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained/small';
tf.env().set('PROD', true);
const scores = {};
for (const backend of ['cpu', 'wasm']) {
  await tf.setBackend(backend);
  const classifier = await EmotionClassifier.load(pretrained);
  const result = await classifier.classify(await readFile('speech.wav'), { vad: false });
  scores[backend] = Object.fromEntries(result.scores.map(({ label, score }) => [label, score]));
  classifier.dispose();
}
const sounds = {};
for (const format of ['flac', 'mp3', 'ogg']) {
  const { samples } = await toWaveform(await readFile('speech.' + format));
  sounds[format] = { samples: samples.length, energy: samples.reduce((sum, x) => sum + x * x, 0) };
}
console.log(JSON.stringify({ scores, sounds }));
`;

/** A module that threads build networks by. */
const NETWORK = `
import '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { buildCnnLstm } from 'speech-emotion';
env().set('PROD', true);
await setBackend('wasm');
export const build = (seed) =>
  buildCnnLstm({ classes: 2, convolution: [{ filters: 4, pool: [4, 4] }], recurrent: { units: 4 }, seed });
`;

/** One clip, cut off at eight places, cross-validated in threads and without. */
const PARALLEL = `
import { readFile } from 'node:fs/promises';
import { crossValidate, LabelledDataset, prepareExamples } from 'speech-emotion';
import { featureWorkers, trainingWorkers } from 'speech-emotion/node';
import { build } from './network.mjs';
const source = (name, i) => ({ name, bytes: async () => (await readFile('speech.wav')).subarray(0, -3200 * (i + 1)) });
const names = ['a', 'b'].flatMap((label) => ['1', '2', '3', '4'].map((speaker) => label + '/' + speaker + '.wav'));
const dataset = await LabelledDataset.from(names.map(source), { speaker: (name) => name.slice(2) });
const both = async (run) => (await Promise.all([run(true), run(false)])).map((result) => JSON.stringify(result));
const same = async (run) => new Set(await both(run)).size === 1;
const prepare = (threads) => prepareExamples(dataset, { executor: threads ? featureWorkers({ workers: 2 }) : undefined });
const examples = await prepare(false);
const executor = trainingWorkers(new URL('./network.mjs', import.meta.url), { workers: 2 });
const validate = (threads) =>
  crossValidate(examples, dataset.folds({ folds: 2, by: 'speaker' }), {
    build,
    train: { epochs: 1 },
    executor: threads ? executor : undefined,
  });
console.log(examples.examples.length + ' clips, the same:', await same(prepare), await same(validate));
`;
