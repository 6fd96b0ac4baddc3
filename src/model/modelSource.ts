// URL, IO handler or artefact → trained model, and back to an IO handler

import type * as tf from '@tensorflow/tfjs-core';
import { ModelFormatError } from '../core/errors.ts';
import {
  type ArtifactOptions,
  fromArtifact,
  fromIoArtifacts,
  joinBytes,
  type ModelArtifact,
  toArtifact,
  toIoArtifacts,
} from './modelArtifact.ts';
import type { TrainedModel } from './trainedModel.ts';

/**
 * Where a model comes from: the URL of its `model.json` (http or https; relative to the page in browsers), one
 * of tfjs' IO handlers (`modelDirectory` of `speech-emotion/node`, `modelStorage` of `speech-emotion/browser`,
 * `tf.io.browserFiles`, …), or the artefact itself (`pretrained` of `speech-emotion/pretrained`).
 */
export type ModelSource = string | URL | tf.io.IOHandler | ModelArtifact;

/**
 * Loads a trained model, which the caller owns: dispose its network when done.
 *
 * @param source where it is
 * @param options `signal` aborts what is fetched
 * @throws {TypeError} when `source` is none of the above, such as a path; paths are for `modelDirectory` of
 *   `speech-emotion/node`
 * @throws {ModelFormatError} when what lies there is damaged, not of this library, or written by a newer version
 * @throws {Error} when it cannot be fetched or read, or no tfjs backend is registered
 */
export async function loadModel(
  source: ModelSource,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<TrainedModel> {
  signal?.throwIfAborted();
  if (typeof source === 'string' || source instanceof URL) return fromArtifact(await fetchArtifact(source, signal));
  if (typeof source !== 'object' || source === null) {
    throw new TypeError(`Cannot load a model: source must be a URL, an IO handler or an artefact, got ${source}`);
  }
  if ('json' in source || 'weights' in source) return fromArtifact(source as ModelArtifact);
  const handler = source as tf.io.IOHandler;
  if (typeof handler.load !== 'function') {
    throw new TypeError(
      'Cannot load a model: source must be a URL, an IO handler that loads or an artefact, got an object without load()',
    );
  }
  return fromArtifact(fromIoArtifacts(await handler.load()));
}

/**
 * Saves a trained model; it stays its holder's.
 *
 * @param model what to save
 * @param target one of tfjs' IO handlers: `modelDirectory` of `speech-emotion/node`, `modelStorage` of
 *   `speech-emotion/browser`, or any that keeps `userDefinedMetadata`
 * @throws {TypeError} when `target` cannot save
 * @throws {RangeError} when network and settings don't fit together, or a weight is not finite in the chosen type
 * @throws {Error} what the target throws
 */
export async function saveModel(
  model: TrainedModel,
  target: tf.io.IOHandler,
  options: ArtifactOptions = {},
): Promise<void> {
  if (typeof target?.save !== 'function') {
    throw new TypeError(`Cannot save the model: target must be an IO handler that saves, got ${typeof target}`);
  }
  await target.save(toIoArtifacts(await toArtifact(model, options)));
}

/**
 * Reads the text of a `model.json`.
 *
 * @param text the text
 * @param name what to call it in messages
 * @throws {ModelFormatError} when it is no JSON
 */
export function parseModelJson(text: string, name: string): tf.io.ModelJSON {
  try {
    return JSON.parse(text) as tf.io.ModelJSON;
  } catch (cause) {
    const start = JSON.stringify(text.slice(0, 40));
    throw new ModelFormatError(
      `Cannot read the model: ${name} must be JSON, got ${text.length} characters ${text.length > 40 ? 'starting with' : 'of'} ${start}`,
      { cause },
    );
  }
}

/**
 * The names of a model's weights files.
 *
 * @param json a parsed `model.json`
 * @returns names in order, each without a folder: a model's files lie together
 * @throws {ModelFormatError} when the manifest is no list of such names
 */
export function weightsFiles(json: tf.io.ModelJSON): string[] {
  const manifest: unknown = json?.weightsManifest;
  if (!Array.isArray(manifest)) return []; // fromArtifact says what is there instead
  const paths: unknown[] = manifest.flatMap((group: { paths?: unknown } | null) => group?.paths);
  return paths.map((path) => {
    if (typeof path === 'string' && /^[\w-][\w.-]*$/.test(path)) return path;
    throw new ModelFormatError(`Cannot read the model: weights files must be plain names, got ${JSON.stringify(path)}`);
  });
}

async function fetchArtifact(source: string | URL, signal: AbortSignal | undefined): Promise<ModelArtifact> {
  const url = absoluteUrl(source);
  const json = parseModelJson(new TextDecoder().decode(await fetchBytes(url, signal)), url.href);
  const shards = weightsFiles(json).map((file) => fetchBytes(new URL(file, url), signal));
  return { json, weights: joinBytes(await Promise.all(shards)) };
}

function absoluteUrl(source: string | URL): URL {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } };
  let url: URL | undefined;
  try {
    url = new URL(source, document?.baseURI ?? location?.href);
  } catch {
    // said below
  }
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new TypeError(
    `Cannot load a model: a string must be an http(s) URL, got ${source}; for a path import { modelDirectory } from ` +
      `'speech-emotion/node' and load modelDirectory(path)`,
  );
}

async function fetchBytes(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let refused: string | undefined;
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    refused = `${response.status} ${response.statusText}`;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`Cannot load the model: ${url.href} cannot be fetched: ${(cause as Error).message}`, { cause });
  }
  throw new Error(`Cannot load the model: ${url.href} answered ${refused}`);
}
