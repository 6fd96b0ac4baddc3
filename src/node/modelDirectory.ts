// trained model → a folder, and back

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { shown } from '../core/check.ts';
import { crc32 } from '../core/crc32.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { fromIoArtifacts, toIoArtifacts } from '../model/ioArtifacts.ts';
import { parseModelJson, weightsFiles } from '../model/modelFiles.ts';
import { writeAtomically, writeNew } from './writeAtomically.ts';

/**
 * A model in a folder, `model.json` and a weights file beside it, to load from and to save to. Several models can share a folder under
 * other names, `a.json` and `b.json`: each has weights of its own, `a.….bin`.
 *
 * Saving replaces a model as a whole: first the weights are written under a new name, then `model.json`, which names them, and then the
 * weights that it named before are removed, unless a copy of it names them. Whenever the process is killed, one of the two models is
 * there. Any TensorFlow.js program, or a page of a web server, can read the folder.
 *
 * @param path the folder, which saving creates if it is missing, or the `model.json` in it; a file URL, too
 * @throws {TypeError} when `path` is neither
 * @returns an IO handler for `EmotionClassifier.load`, `classifier.save`, `loadModel` and `saveModel`
 *
 * @example
 * await saveModel(report.model, modelDirectory('models/mine'));
 * const classifier = await EmotionClassifier.load(modelDirectory('models/mine'));
 */
export function modelDirectory(path: string | URL): Required<tf.io.IOHandler> {
  const given = resolve(pathOf(path));
  const file = given.endsWith('.json') ? given : join(given, 'model.json');
  return { load: () => load(file), save: (artifacts) => save(file, artifacts) };
}

function pathOf(path: string | URL): string {
  if (typeof path === 'string' && path !== '') return path;
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  throw new TypeError(`Cannot open a model directory: path must be a path or a file: URL, got ${shown(path)}`);
}

async function load(file: string): Promise<tf.io.ModelArtifacts> {
  for (;;) {
    const text = new TextDecoder().decode(await read(file));
    const json = parseModelJson(text, file);
    try {
      const shards = weightsFiles(json).map((name) => read(join(dirname(file), name)));
      return toIoArtifacts({ json, weights: joinArrays(Uint8Array, await Promise.all(shards)) });
    } catch (error) {
      // Another process may have saved a model in between, and so removed the weights of this one.
      const now = await readFile(file, 'utf8').catch(() => text);
      if (now === text) throw error;
    }
  }
}

async function save(file: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const { json, weights } = fromIoArtifacts(artifacts);
  const folder = dirname(file);
  // A unique name: whatever other process saves at the same time, no model's weights are another's to remove.
  const name = `${stemOf(file)}.${crc32(weights)}-${randomBytes(4).toString('hex')}.bin`;
  const content = { ...json, weightsManifest: json.weightsManifest.map((group) => ({ ...group, paths: [name] })) };
  try {
    await mkdir(folder, { recursive: true });
    const old = await weightsNamedBy(file);
    await writeNew(join(folder, name), weights);
    try {
      await writeAtomically(file, `${JSON.stringify(content)}\n`);
    } catch (error) {
      await rm(join(folder, name), { force: true });
      throw error;
    }
    await removeWeights(
      old.filter((other) => isOwnName(other, file)),
      file,
    );
  } catch (cause) {
    throw new Error(`Cannot save the model to ${folder}: ${(cause as Error).message}`, { cause });
  }
  return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', weightDataBytes: weights.length } };
}

/** The beginning of the name of a model's weights: the name of its JSON file, in characters that a manifest allows. */
function stemOf(file: string): string {
  const stem = basename(file, '.json');
  const plain = stem.replace(/[^\w.-]|^\./g, '_');
  return plain === stem ? stem : `${plain}-${crc32(new TextEncoder().encode(stem))}`;
}

/** Whether a weights file was named by {@link save} for this model: files that others named are not removed. */
function isOwnName(name: string, file: string): boolean {
  const stem = stemOf(file);
  return name.startsWith(`${stem}.`) && /^[0-9a-f]{8}-[0-9a-f]{8}\.bin$/.test(name.slice(stem.length + 1));
}

/** Removes weights that a model named before, except those that a copy of its JSON beside it still names. */
async function removeWeights(names: readonly string[], file: string): Promise<void> {
  const folder = dirname(file);
  const copies = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== basename(file));
  if (names.length === 0 || copies.length > MOST_COPIES) return;
  const texts = await Promise.all(copies.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  for (const name of names) {
    if (!texts.some((text) => text.includes(name))) await rm(join(folder, name), { force: true });
  }
}

/** With more JSON files in a folder, none is read and nothing is removed. */
const MOST_COPIES = 100;

/** The weights files of the model that is there; none where there is none, or it is no model. */
async function weightsNamedBy(file: string): Promise<string[]> {
  try {
    return weightsFiles(parseModelJson(await readFile(file, 'utf8'), file));
  } catch {
    return [];
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`Cannot read the model: ${(cause as Error).message}`, { cause });
  }
}
