// trained model → a folder, and back

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { crc32 } from '../core/crc32.ts';
import { fromIoArtifacts, joinBytes, toIoArtifacts } from '../model/modelArtifact.ts';
import { parseModelJson, weightsFiles } from '../model/modelSource.ts';
import { writeAtomically } from './writeAtomically.ts';

/**
 * A model in a folder: `model.json` and a weights file beside it. To load from and to save to.
 *
 * Saving replaces a model that is there already as a whole: the weights get a name of their own first, then `model.json`
 * changes over to them, then the old weights go. Whatever moment the process is killed at, one of the two models is there.
 * Any TensorFlow.js program, or a web server's visitors, can read the folder.
 *
 * @param path the folder, which saving makes where it is missing, or the `model.json` in it; a file URL will do too
 * @returns an IO handler for `EmotionClassifier.load`, `classifier.save`, `loadModel` and `saveModel`
 *
 * @example
 * await saveModel(report.model, modelDirectory('models/mine'));
 * const classifier = await EmotionClassifier.load(modelDirectory('models/mine'));
 */
export function modelDirectory(path: string | URL): Required<tf.io.IOHandler> {
  const given = resolve(path instanceof URL ? fileURLToPath(path) : path);
  const file = given.endsWith('.json') ? given : join(given, 'model.json');
  return { load: () => load(file), save: (artifacts) => save(file, artifacts) };
}

async function load(file: string): Promise<tf.io.ModelArtifacts> {
  const json = parseModelJson(new TextDecoder().decode(await read(file)), file);
  const shards = weightsFiles(json).map((name) => read(join(dirname(file), name)));
  return toIoArtifacts({ json, weights: joinBytes(await Promise.all(shards)) });
}

async function save(file: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const { json, weights } = fromIoArtifacts(artifacts);
  const folder = dirname(file);
  const name = `weights.${crc32(weights)}.bin`;
  const content = { ...json, weightsManifest: json.weightsManifest.map((group) => ({ ...group, paths: [name] })) };
  try {
    await mkdir(folder, { recursive: true });
    await writeAtomically(join(folder, name), weights);
    await writeAtomically(file, `${JSON.stringify(content)}\n`);
    for (const other of await readdir(folder)) {
      if (/^weights\.[0-9a-f]{8}\.bin(\.part)?$/.test(other) && other !== name) await rm(join(folder, other));
    }
  } catch (cause) {
    throw new Error(`Cannot save the model to ${folder}: ${(cause as Error).message}`, { cause });
  }
  return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', weightDataBytes: weights.length } };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`Cannot read the model: ${(cause as Error).message}`, { cause });
  }
}
