import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { fromArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { loadModel, saveModel } from '../../src/model/modelSource.ts';
import { modelDirectory } from '../../src/node/modelDirectory.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';

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
    expect(files.sort()).toEqual(['model.json', expect.stringMatching(/^weights\.[0-9a-f]{8}\.bin$/)]);
  }));

it('replaces a model as a whole, and clears away what a killed writer left', () =>
  expectNoLeak(async () => {
    const first = await save(folder, 1);
    await writeFile(join(folder, 'weights.00000000.bin.part'), 'left over');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    // As if killed before model.json changed over: the second model's weights are there, the first one is still in force.
    await writeFile(join(folder, 'weights.ffffffff.bin'), 'not named anywhere');
    expect(await load(folder)).toEqual(first.weights);
    const second = await save(folder, 2);
    expect(await load(folder)).toEqual(second.weights);
    expect(second.weights).not.toEqual(first.weights);
    expect((await readdir(folder)).filter((name) => name.startsWith('weights'))).toHaveLength(1);
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    await save(folder, 2);
    expect(await load(folder)).toEqual(second.weights);
  }));

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
    await expect(load(folder)).rejects.toThrow(/^Cannot read the model: ENOENT.*weights/);
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
