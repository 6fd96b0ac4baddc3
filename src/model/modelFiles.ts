// URL of a model.json → the JSON and the weights beside it

import type * as tf from '@tensorflow/tfjs-core';
import { shown } from '../core/check.ts';
import { ModelFormatError } from '../core/errors.ts';
import { fetchBytes } from '../core/fetchBytes.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { parseJson } from '../core/json.ts';
import type { ModelArtifact } from './ioArtifacts.ts';

/**
 * Reads the text of a `model.json`.
 *
 * @param text the text
 * @param name what to call it in messages
 * @throws {ModelFormatError} when it is no JSON
 */
export function parseModelJson(text: string, name: string): tf.io.ModelJSON {
  try {
    return parseJson(text) as tf.io.ModelJSON;
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new ModelFormatError(`Cannot read the model: ${name}: ${cause.message}`, { cause });
    }
    const start = JSON.stringify(text.slice(0, 40));
    throw new ModelFormatError(
      `Cannot read the model: ${name} must be JSON, got ${text.length} characters ${text.length > 40 ? 'starting with' : 'of'} ${start}`,
      { cause },
    );
  }
}

/** The most weights files that are read. */
const MOST_FILES = 4096;

/**
 * The names of a model's weights files.
 *
 * @param json a parsed `model.json`
 * @returns names in order, each without a folder: a model's files lie together
 * @throws {ModelFormatError} when the manifest is no list of such names
 */
export function weightsFiles(json: tf.io.ModelJSON): string[] {
  const isName = (path: string) => /^[\w-][\w.-]*$/.test(path);
  return pathsOf(json, isName, 'weights files must be plain names');
}

function pathsOf(json: tf.io.ModelJSON, isAllowed: (path: string) => boolean, rule: string): string[] {
  const manifest: unknown = json?.weightsManifest;
  if (!Array.isArray(manifest)) return []; // fromArtifact names what was found instead
  const paths: unknown[] = manifest.flatMap((group: { paths?: unknown } | null) => group?.paths);
  if (paths.length > MOST_FILES) {
    throw new ModelFormatError(
      `Cannot read the model: weights files must be at most ${MOST_FILES}, got ${paths.length}`,
    );
  }
  return paths.map((path) => {
    if (typeof path === 'string' && isAllowed(path)) return path;
    throw new ModelFormatError(`Cannot read the model: ${rule}, got ${shown(path)}`);
  });
}

/**
 * Fetches a model's `model.json` and the weights beside it. A query stays with them, as signed URLs need it.
 *
 * @param source what `fetch` takes; in a page, relative to it
 * @throws {TypeError} when it is no URL
 * @throws {ModelFormatError} when there is no `model.json`
 * @throws {RangeError} when there is more than `maxBytes`
 * @throws {Error} when something cannot be fetched
 */
export async function fetchArtifact(
  source: string | URL,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ModelArtifact> {
  const url = absoluteUrl(source);
  const budget = { left: maxBytes };
  const text = new TextDecoder().decode(await fetchBytes('load the model', url, budget, signal));
  const json = parseModelJson(text, hasFolder(url) ? url.origin + url.pathname : `a ${url.protocol} URL`);
  const shards = weightsUrls(json, url).map((file) => fetchBytes('load the model', file, budget, signal));
  return { json, weights: joinArrays(Uint8Array, await Promise.all(shards)) };
}

function weightsUrls(json: tf.io.ModelJSON, url: URL): URL[] {
  if (hasFolder(url)) {
    return weightsFiles(json).map((name) => {
      const file = new URL(name, url);
      file.search = url.search;
      return file;
    });
  }
  const isOpaque = (path: string) => /^(blob|data):/.test(path);
  const rule = `beside a ${url.protocol} URL there are no files: its weights files must be blob: or data: URLs, too`;
  return pathsOf(json, isOpaque, rule).map((path) => new URL(path));
}

/** Whether other files lie beside it. */
function hasFolder({ protocol }: URL): boolean {
  return protocol !== 'blob:' && protocol !== 'data:';
}

function absoluteUrl(source: string | URL): URL {
  const { document, location, process } = globalThis as Host;
  const page = document?.baseURI ?? location?.href;
  let url: URL | undefined;
  try {
    url = new URL(source, page);
  } catch {
    // the error below says what it is
  }
  // Of one letter are the drives of Windows. Node fetches no files.
  const isPath = !url || /^[a-z]:$/.test(url.protocol) || (!page && url.protocol === 'file:');
  if (url && !isPath) return url;
  const pointer =
    process?.versions?.node && !page
      ? `; for a path import { modelDirectory } from 'speech-emotion/node' and load modelDirectory(path)`
      : '';
  throw new TypeError(`Cannot load a model: a string must be a URL, got ${shown(String(source))}${pointer}`);
}

/** What tells a page from Node, of which some have both. */
interface Host {
  readonly document?: { baseURI: string } | undefined;
  readonly location?: { href: string } | undefined;
  readonly process?: { versions?: { node?: string | undefined } | undefined } | undefined;
}
