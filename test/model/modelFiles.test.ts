import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { loadModel, saveModel } from '../../src/model/modelSource.ts';
import { expectNoLeak } from '../support/backends.ts';
import { tinyModel } from './tinyModel.ts';

let artifact: ModelArtifact;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = tinyModel();
  artifact = await toArtifact(model);
  model.network.dispose();
});
afterEach(() => vi.unstubAllGlobals());

/** A host of files, which notes what it is asked for. */
function serve(files: Record<string, BodyInit>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: URL) => {
    asked.push(url.href);
    const body = files[url.href.replace(/#.*/, '')];
    return body === undefined ? new Response('', { status: 404, statusText: 'Not Found' }) : new Response(body);
  });
  return asked;
}

const body = () => artifact.weights as Uint8Array<ArrayBuffer>;
const loads = (source: string | URL, options = {}) =>
  expectNoLeak(async () => (await loadModel(source, options)).network.dispose());

describe('loadModel', () => {
  it('asks for the weights with the query of the JSON, as signed URLs need it', async () => {
    const query = '?token=a%2Fb&expires=9';
    const asked = serve({
      [`https://models.test/a/model.json${query}`]: JSON.stringify(artifact.json),
      [`https://models.test/a/weights.bin${query}`]: body(),
    });
    await loads(`https://models.test/a/model.json${query}#part`);
    expect(asked.at(-1)).toBe(`https://models.test/a/weights.bin${query}`);
  });

  it.each(['chrome-extension:', 'moz-extension:', 'capacitor:', 'app:', 'ionic:'])(
    'takes what fetch can take: %s',
    async (protocol) => {
      serve({
        [`${protocol}//host/m/model.json`]: JSON.stringify(artifact.json),
        [`${protocol}//host/m/weights.bin`]: body(),
      });
      await loads(`${protocol}//host/m/model.json`);
    },
  );

  it('takes URLs relative to the page, and file: URLs where the page is one', async () => {
    vi.stubGlobal('document', { baseURI: 'file:///opt/app/index.html' });
    serve({ 'file:///opt/app/m/model.json': JSON.stringify(artifact.json), 'file:///opt/app/m/weights.bin': body() });
    await loads('m/model.json');
    await loads(new URL('file:///opt/app/m/model.json'));
  });

  it('takes data: and blob: URLs whose weights are data: or blob: URLs too, and refuses others with the rule', async () => {
    const json = (paths: string[]) =>
      JSON.stringify({ ...artifact.json, weightsManifest: [{ ...artifact.json.weightsManifest[0], paths }] });
    const url = (text: string) => `data:application/json,${encodeURIComponent(text)}`;
    const weights = `data:application/octet-stream;base64,${Buffer.from(artifact.weights).toString('base64')}`;
    await loads(url(json([weights])));
    const blobs = [new Blob([body()])].map((blob) => URL.createObjectURL(blob));
    const ofJson = URL.createObjectURL(new Blob([json(blobs)]));
    await loads(ofJson);
    for (const object of [...blobs, ofJson]) URL.revokeObjectURL(object);
    for (const path of ['weights.bin', 'https://elsewhere.test/weights.bin']) {
      const failure = loadModel(url(json([path])));
      await expect(failure).rejects.toThrow(ModelFormatError);
      await expect(failure).rejects.toThrow(
        /beside a data: URL there are no files: .* must be blob: or data: URLs, too, got/,
      );
    }
  });

  it('points to modelDirectory in Node, where there are paths, and nowhere else', async () => {
    for (const path of ['models/mine', '/opt/models', 'C:\\models\\mine', 'file:///opt/model.json', '']) {
      await expect(loadModel(path)).rejects.toThrow(
        /^Cannot load a model: a string must be a URL, got .*; for a path import \{ modelDirectory \} from 'speech-emotion\/node'/,
      );
    }
    vi.stubGlobal('document', { baseURI: 'https://app.test/' });
    await expect(loadModel('https://')).rejects.toThrow(
      /^Cannot load a model: a string must be a URL, got "?https:\/\/"?$/,
    );
  });

  it('fetches no more than maxBytes, JSON and weights together', async () => {
    const text = JSON.stringify(artifact.json);
    const files = { 'https://models.test/model.json': text, 'https://models.test/weights.bin': body() };
    serve(files);
    const all = text.length + artifact.weights.length;
    await loads('https://models.test/model.json', { maxBytes: all });
    await expect(loadModel('https://models.test/model.json', { maxBytes: all - 1 })).rejects.toThrow(
      'Cannot load the model: https://models.test/weights.bin must not have more bytes than maxBytes allows',
    );
  });

  it('refuses a page, JSON nested too deep and too many weights files', async () => {
    serve({
      'https://models.test/page': '<!doctype html>',
      'https://models.test/deep': '['.repeat(1e5),
      'https://models.test/many': JSON.stringify({ weightsManifest: [{ paths: Array(1e5).fill('weights.bin') }] }),
    });
    await expect(loadModel('https://models.test/page')).rejects.toThrow(/must be JSON, got 15 characters/);
    await expect(loadModel('https://models.test/deep')).rejects.toThrow(/values may be nested 100 deep/);
    await expect(loadModel('https://models.test/many')).rejects.toThrow(/at most 4096, got 100000/);
  });

  it('refuses other sources and unknown options by name', async () => {
    for (const source of [null, undefined, 3, true, {}, [], () => {}]) {
      await expect(loadModel(source as never)).rejects.toThrow(
        /^Cannot load a model: source must be a URL, an IO handler/,
      );
    }
    for (const [options, message] of [
      [null, 'options must be an object, got null'],
      [{ maxByte: 3 }, "there is no option named 'maxByte'"],
      [{ maxBytes: 0 }, 'maxBytes must be a whole number from 1'],
      [{ signal: {} }, 'signal must be an AbortSignal'],
    ] as const) {
      await expect(loadModel(artifact, options as never)).rejects.toThrow(`Cannot load a model: ${message}`);
    }
    for (const given of [null, undefined, 3, {}]) {
      await expect(loadModel({ load: async () => given as never })).rejects.toThrow(ModelFormatError);
      await expect(saveModel(given as never, { save: async () => ({}) as never })).rejects.toThrow(
        /^Cannot pack the model: /,
      );
      await expect(saveModel(tinyModel(), given as never)).rejects.toThrow(
        /^Cannot save the model: target must be an IO handler/,
      );
    }
    tf.disposeVariables();
  });

  it('aborts while a handler loads', async () => {
    const controller = new AbortController();
    const loading = loadModel({ load: () => new Promise(() => {}) }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(loading).rejects.toThrow('enough');
  });
});
