import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';
import { ModelFormatError } from '../../src/core/errors.ts';
import { nextTask } from '../../src/core/nextTask.ts';
import { fromArtifact, type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { loadModel, saveModel } from '../../src/model/modelSource.ts';
import { modelDirectory } from '../../src/node/modelDirectory.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';
import { runProgram } from './runProgram.ts';

let folder: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Saves a model of the given seed; returns what an artefact of it would hold. */
async function save(path: string, seed: number) {
  const model = tinyModel({}, seed);
  await saveModel(model, modelDirectory(path));
  const artifact = await toArtifact(model);
  model.network.dispose();
  return artifact;
}

/** The weights that a folder gives. */
async function load(path: string | URL): Promise<Uint8Array> {
  const model = await loadModel(modelDirectory(path));
  const { weights } = await toArtifact(model);
  model.network.dispose();
  return weights;
}

it('loads what was saved, by folder, file or URL (oracle: the artefact)', () =>
  expectNoLeak(async () => {
    const path = join(folder, 'deep', 'inside');
    const { weights } = await save(path, 1);
    const file = join(path, 'model.json');
    for (const source of [path, `${path}/`, file, pathToFileURL(path), pathToFileURL(file)]) {
      expect(await load(source)).toEqual(weights);
    }
    const files = await readdir(path);
    expect(files.sort()).toEqual([expect.stringMatching(/^model\.[0-9a-f]{8}-[0-9a-f]{8}\.bin$/), 'model.json']);
  }));

it('replaces a model as a whole, and removes nothing but what it named', () =>
  expectNoLeak(async () => {
    const first = await save(folder, 1);
    const foreign = ['weights.00000000.bin', 'group1-shard1of1.bin', 'model.ffffffff-ffffffff.bin', 'notes.txt'];
    for (const name of foreign) await writeFile(join(folder, name), 'mine');
    expect(await load(folder)).toEqual(first.weights);
    for (const seed of [2, 2]) {
      const second = await save(folder, seed);
      expect(await load(folder)).toEqual(second.weights);
      expect(second.weights).not.toEqual(first.weights);
      const files = await readdir(folder);
      expect(files).toHaveLength(foreign.length + 2);
      expect(files).toEqual(expect.arrayContaining(foreign));
    }
  }));

it('keeps models of other names, of the same weights too, and copies of its own JSON', () =>
  expectNoLeak(async () => {
    const models = ['a.json', 'b.json', 'a.b.json', 'mein Modell – 1.json', 'mein Modell – 2.json', '.json', 'a..json'];
    const { weights } = await save(join(folder, models[0]!), 1);
    for (const name of models.slice(1)) await save(join(folder, name), 1);
    await copyFile(join(folder, 'a.json'), join(folder, 'best.json'));
    for (const name of models) {
      const changed = await save(join(folder, name), 2);
      expect(await load(join(folder, name))).toEqual(changed.weights);
      expect(await load(join(folder, 'best.json'))).toEqual(weights);
      for (const other of models.slice(models.indexOf(name) + 1))
        expect(await load(join(folder, other))).toEqual(weights);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.bin'))).toHaveLength(models.length + 1);
  }));

it('does not remove what a manifest of others names, wherever that lies', async () => {
  const { json } = await save(folder, 1);
  await writeFile(join(folder, 'model.00000000-0.bin'), 'theirs');
  const paths = ['model.00000000-0.bin', 'shard1.bin'];
  await writeFile(join(folder, 'shard1.bin'), 'theirs');
  await writeFile(join(folder, 'model.json'), JSON.stringify({ ...json, weightsManifest: [{ paths, weights: [] }] }));
  await save(folder, 2);
  expect(await readdir(folder)).toEqual(expect.arrayContaining(paths));
});

it('says what is no path', () => {
  for (const path of [undefined, null, 3, '', new URL('https://models.test/model.json'), {}]) {
    expect(() => modelDirectory(path as never)).toThrow(
      /^Cannot open a model directory: path must be a path or a file: URL/,
    );
  }
});

it('is one of two models whatever moment both are saved at and read, in two processes', async () => {
  const artifacts = [await save(folder, 1), await save(folder, 2)];
  const whole = new Set(artifacts.map(({ weights }) => crc32(weights)));
  const modules = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
  const program = (artifact: ModelArtifact) => `
    const { modelDirectory } = await import(${modules('node/modelDirectory.ts')});
    const { toIoArtifacts } = await import(${modules('model/ioArtifacts.ts')});
    const artifact = ${JSON.stringify({ json: artifact.json, weights: [...artifact.weights] })};
    artifact.weights = Uint8Array.from(artifact.weights);
    for (let i = 0; i < 60; i++) await modelDirectory(${JSON.stringify(folder)}).save(toIoArtifacts(artifact));`;
  const children = artifacts.map((artifact) => runProgram(program(artifact)));
  let running = 2;
  for (const child of children) void child.then(() => running--);
  let reads = 0;
  for (; running > 0; reads++) {
    const { weightData } = await modelDirectory(folder).load();
    expect(whole).toContain(crc32(new Uint8Array(weightData as ArrayBuffer)));
    await nextTask();
  }
  expect(reads).toBeGreaterThan(10);
  expect((await Promise.all(children)).join('')).toBe('');
  await load(folder);
});

it('writes what stock tfjs loads', async () => {
  await save(folder, 1);
  const stock = await tfl.loadLayersModel(modelDirectory(folder));
  expect(stock.outputs[0]?.shape).toEqual([null, 4]);
  stock.dispose();
});

it('reads the shards of other tools', async () => {
  const { json, weights } = await save(folder, 1);
  const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
  await writeFile(join(folder, paths[0]!), weights.subarray(0, 40));
  await writeFile(join(folder, paths[1]!), weights.subarray(40));
  const sharded = { ...json, weightsManifest: [{ ...json.weightsManifest[0], paths }] };
  await writeFile(join(folder, 'model.json'), JSON.stringify(sharded, null, 2));
  expect(await load(folder)).toEqual(weights);
});

it('says what is missing, damaged or not a model', () =>
  expectNoLeak(async () => {
    await expect(load(join(folder, 'none'))).rejects.toThrow(/^Cannot read the model: ENOENT.*none\/model\.json/);
    await save(folder, 1);
    const [weightsFile] = (await readdir(folder)).filter((name) => name.endsWith('.bin'));
    const path = join(folder, weightsFile!);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, 30));
    await expect(load(folder)).rejects.toThrow(ModelFormatError);
    await rm(path);
    await expect(load(folder)).rejects.toThrow(/^Cannot read the model: ENOENT.*\.bin/);
    await writeFile(join(folder, 'model.json'), '{"half":');
    await expect(load(folder)).rejects.toThrow(/model\.json must be JSON, got 8 characters of "\{\\"half\\":"/);
    for (const text of [
      '{}',
      'null',
      '[]',
      '7',
      '{"name":"my-package"}',
      '{"weightsManifest":[null]}',
      '{"weightsManifest":{}}',
    ]) {
      await writeFile(join(folder, 'model.json'), text);
      await expect(load(folder)).rejects.toThrow(ModelFormatError);
    }
    await writeFile(join(folder, 'model.json'), JSON.stringify({ weightsManifest: [{ paths: ['/etc/passwd'] }] }));
    await expect(load(folder)).rejects.toThrow(/plain names, got "\/etc\/passwd"/);
  }));

it('says where it cannot save', async () => {
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'model.json'));
  await expect(save(join(folder, 'file'), 1)).rejects.toThrow(/^Cannot save the model to .*file/);
  await expect(save(folder, 1)).rejects.toThrow(/^Cannot save the model to /);
  tf.disposeVariables();
});

it('holds a model that fromArtifact takes as it lies in the files', async () => {
  await save(folder, 1);
  const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  const weights = await readFile(join(folder, json.weightsManifest[0].paths[0]));
  (await fromArtifact({ json, weights })).network.dispose();
});
