// URL, IO handler or artefact → trained model, and back to an IO handler

import type * as tf from '@tensorflow/tfjs-core';
import { abortable } from '../core/abortable.ts';
import { checkInteger, checkNothingElse, checkOptions, shown } from '../core/check.ts';
import { fromIoArtifacts, type ModelArtifact, toIoArtifacts } from './ioArtifacts.ts';
import { type ArtifactOptions, fromArtifact, toArtifact } from './modelArtifact.ts';
import { fetchArtifact } from './modelFiles.ts';
import type { TrainedModel } from './trainedModel.ts';

/**
 * Where a model comes from: the URL of its `model.json` (anything that `fetch` takes; relative to the page in browsers), one
 * of tfjs' IO handlers (`modelDirectory` of `speech-emotion/node`, `modelStorage` of `speech-emotion/browser`,
 * `tf.io.browserFiles`, …), or the artefact itself (`pretrained` of `speech-emotion/pretrained`).
 */
export type ModelSource = string | URL | tf.io.IOHandler | ModelArtifact;

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Aborts what is fetched; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The most bytes that are fetched from a URL, `model.json` and weights together.
   * @default 2 ** 30, a gigabyte: five hundred times the pretrained model
   */
  readonly maxBytes?: number | undefined;
}

/**
 * Loads a trained model, which the caller owns: dispose its network when done.
 *
 * @param source where it is
 * @param options `signal` aborts what is fetched, `maxBytes` bounds it
 * @throws {TypeError} when `source` is none of the above, such as a path; paths are for `modelDirectory` of
 *   `speech-emotion/node`
 * @throws {RangeError} when an option is out of range, or there is more to fetch than `maxBytes`
 * @throws {ModelFormatError} when the model is damaged, not of this library, or written by a newer version
 * @throws {Error} when it cannot be fetched or read, or no tfjs backend is registered
 */
export async function loadModel(source: ModelSource, options: LoadModelOptions = {}): Promise<TrainedModel> {
  const { signal, maxBytes = 2 ** 30, ...others } = checkOptions('load a model', options);
  checkNothingElse('load a model', others);
  checkInteger('load a model', 'maxBytes', maxBytes, 1, Number.MAX_SAFE_INTEGER);
  signal?.throwIfAborted();
  if (typeof source === 'string' || isUrl(source)) {
    const artifact = await fetchArtifact(source, maxBytes, signal);
    signal?.throwIfAborted();
    return fromArtifact(artifact);
  }
  if (typeof source !== 'object' || source === null) {
    throw new TypeError(
      `Cannot load a model: source must be a URL, an IO handler or an artefact, got ${shown(source)}`,
    );
  }
  if ('json' in source || 'weights' in source) return fromArtifact(source as ModelArtifact);
  const handler = source as tf.io.IOHandler;
  if (typeof handler.load !== 'function') {
    throw new TypeError(
      'Cannot load a model: source must be a URL, an IO handler that loads or an artefact, got an object without load()',
    );
  }
  return fromArtifact(fromIoArtifacts(await abortable(handler.load(), signal)));
}

/** Of this realm or another. */
function isUrl(source: unknown): source is URL {
  return Object.prototype.toString.call(source) === '[object URL]';
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
    throw new TypeError(`Cannot save the model: target must be an IO handler that saves, got ${shown(target)}`);
  }
  await target.save(toIoArtifacts(await toArtifact(model, options)));
}
