// every public call that takes a signal → how it is made

import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type CheckpointStore,
  crossValidate,
  EmotionClassifier,
  evaluate,
  LabelledDataset,
  loadModel,
  predict,
  prepareExamples,
  RavdessDataset,
  toArtifact,
  toWaveform,
  train,
  trainEnsemble,
} from 'speech-emotion';
import { toSources } from 'speech-emotion/corpora';
import { calibrate, predictExamples } from 'speech-emotion/evaluation';
import { decodeAudio, resample } from 'speech-emotion/features';
import { featureWorkers, openLabelled, openRavdess, openSources, trainingWorkers } from 'speech-emotion/node';
import { RemoteClassifier, serveClassifier } from 'speech-emotion/worker';
import {
  extractor,
  SMALL_TRAINING,
  smallExamples,
  smallFolds,
  smallModel,
  smallNetwork,
  smallSound,
} from '../smallWork.ts';
import { SMALL_NETWORK_MODULE } from './smallNetworkModule.ts';

/** A call, and how often it is aborted for once of the others: threads and servers are dear. */
export interface AbortableCall {
  readonly share?: number;
  /** Calls it; what it gives has been freed when it settles. */
  readonly call: (signal: AbortSignal) => Promise<unknown>;
}

const fixture = (name: string) => new URL(`../../../test/fixtures/audio/${name}`, import.meta.url);

/** The calls, and the end of what they stand upon. @param folder an empty one */
export async function abortableCalls(folder: string): Promise<{
  readonly calls: Readonly<Record<string, AbortableCall>>;
  readonly end: () => Promise<void>;
}> {
  const sound = smallSound(1.5, 22_050);
  const [wav, flac, mp3, ogg] = await Promise.all(
    ['speech.wav', 'speech.flac', 'speech.mp3', 'speech.ogg'].map(
      async (name) => new Uint8Array(await readFile(fixture(name))),
    ),
  );
  const data = smallExamples();
  const held = smallExamples({ clips: 6, seed: 2, prefix: 'held' });
  const folds = smallFolds(data);
  const model = smallModel();
  const matrices = Array.from({ length: 12 }, () => data.examples[0]!.variants[0]!);
  const artifact = await toArtifact(model);
  const classifier = EmotionClassifier.fromModel(model);
  const recipe = { ...SMALL_TRAINING, epochs: 2 };
  const build = (seed: number) => smallNetwork(seed);
  const sources = ['anna/happy/1.wav', 'ben/sad/2.wav', 'ben/sad/3.wav'].map((name) => ({
    name,
    bytes: async () => wav!,
  }));
  const ravdess = ['03-01-01-01-01-01-01.wav', '03-01-05-02-01-01-02.wav'].map((name) => ({
    name,
    bytes: async () => wav!,
  }));
  for (const { name, bytes } of ravdess) await writeFile(join(folder, name), await bytes());
  const labelled = await LabelledDataset.from(sources);
  const slow = await slowServer(artifact);
  const { port1, port2 } = new MessageChannel();
  serveClassifier(async () => EmotionClassifier.fromModel(smallModel()), port1 as never);
  const remote = await RemoteClassifier.connect(port2 as never);
  const windows = { windowSeconds: 0.4, hopSeconds: 0.1, vad: false } as const;
  const streaming = { sampleRate: 16_000, ...windows } as const;

  const calls: Record<string, AbortableCall> = {
    ...Object.fromEntries(
      Object.entries({ wav, flac, mp3, ogg }).map(([format, bytes]) => [
        `decodeAudio of ${format}`,
        { call: (signal: AbortSignal) => decodeAudio(bytes!, { signal }) },
      ]),
    ),
    toWaveform: { call: (signal) => toWaveform(sound, { sampleRate: 16_000, signal }) },
    resample: { call: (signal) => resample(sound, 16_000, { signal }) },
    'FeatureExtractor.extract': { call: (signal) => extractor.extract(sound, { signal }) },
    'FeatureExtractor.condition': { call: (signal) => extractor.preprocess(sound, { signal }) },
    toSources: { call: (signal) => toSources(sources, { signal }) },
    openSources: { call: (signal) => openSources(folder, { signal }) },
    openRavdess: { call: (signal) => openRavdess(folder, { signal }) },
    openLabelled: { call: (signal) => openLabelled(folder, { signal }) },
    'LabelledDataset.from': { call: (signal) => LabelledDataset.from(sources, { signal }) },
    'RavdessDataset.from': { call: (signal) => RavdessDataset.from(ravdess, { signal }) },
    'LabelledDataset.dropUnreadable': { call: (signal) => labelled.dropUnreadable({ signal }) },
    prepareExamples: { call: (signal) => prepareExamples(labelled, { signal }) },
    'prepareExamples in threads': {
      share: 0.2,
      call: (signal) => prepareExamples(labelled, { executor: featureWorkers({ workers: 1 }), signal }),
    },
    predict: { call: (signal) => predict(model, matrices, { batchSize: 1, signal }) },
    predictExamples: { call: (signal) => predictExamples(model, data, { signal }) },
    calibrate: { call: (signal) => calibrate(model, held, { signal }) },
    evaluate: { call: (signal) => evaluate(model, data, { bootstrap: { resamples: 5 }, signal }) },
    train: {
      call: async (signal) => {
        const network = build(1);
        const options = { ...recipe, validation: held, checkpoint: { store: memoryStore(), everyBatches: 1 }, signal };
        return train(network, data, options).finally(() => network.dispose());
      },
    },
    crossValidate: {
      call: (signal) =>
        crossValidate(data, folds, { build, train: recipe, store: memoryStore(), bootstrap: { resamples: 5 }, signal }),
    },
    'crossValidate in threads': {
      share: 0.2,
      call: (signal) => {
        const executor = trainingWorkers(SMALL_NETWORK_MODULE, { workers: 1 });
        return crossValidate(data, folds, { build, train: recipe, bootstrap: { resamples: 5 }, executor, signal });
      },
    },
    trainEnsemble: {
      call: async (signal) => {
        const reports = await trainEnsemble(data, {
          build,
          seeds: [1, 2],
          train: recipe,
          store: memoryStore(),
          signal,
        });
        for (const report of reports) report.model.network.dispose();
      },
    },
    loadModel: { call: (signal) => freed(loadModel(artifact, { signal })) },
    'loadModel from a server': { call: (signal) => freed(loadModel(slow.url, { signal })) },
    'EmotionClassifier.load': {
      call: async (signal) => (await EmotionClassifier.load(artifact, { signal })).dispose(),
    },
    'EmotionClassifier.load from what never answers': {
      call: async (signal) =>
        (await EmotionClassifier.load({ load: () => new Promise(() => {}) }, { signal })).dispose(),
    },
    classify: { call: (signal) => classifier.classify(sound, { vad: false, signal }) },
    'classify of mp3': { call: (signal) => classifier.classify(mp3!, { signal }) },
    timeline: { call: (signal) => classifier.timeline(sound, { ...windows, signal }) },
    explain: { call: (signal) => classifier.explain(sound, { steps: 4, signal }) },
    stream: {
      call: (signal) => drained(classifier.stream(pieces(sound.samples), { ...streaming, whenBehind: 'wait', signal })),
    },
    'stream of a quiet source': { call: (signal) => drained(classifier.stream(quiet(), { ...streaming, signal })) },
    'RemoteClassifier.connect': { call: (signal) => connected(signal) },
    'RemoteClassifier.connect to what never answers': {
      call: (signal) => RemoteClassifier.connect(silentPort(), { signal }),
    },
    'RemoteClassifier.classify': { call: (signal) => remote.classify(sound, { vad: false, signal }) },
    'RemoteClassifier.timeline': {
      call: (signal) => remote.timeline(sound, { ...windows, signal }),
    },
    'RemoteClassifier.explain': { call: (signal) => remote.explain(sound, { steps: 4, signal }) },
    'RemoteClassifier.stream': {
      call: (signal) => drained(remote.stream(pieces(sound.samples), { ...streaming, whenBehind: 'wait', signal })),
    },
    'RemoteClassifier.stream of a quiet source': {
      call: (signal) => drained(remote.stream(quiet(), { ...streaming, signal })),
    },
  };
  return {
    calls,
    async end() {
      remote.dispose();
      classifier.dispose();
      slow.server.closeAllConnections();
      slow.server.close();
    },
  };
}

function memoryStore(): CheckpointStore {
  let kept: Uint8Array | undefined;
  return {
    load: async () => kept,
    save: async (bytes) => {
      kept = bytes;
    },
  };
}

async function freed(loading: ReturnType<typeof loadModel>): Promise<void> {
  (await loading).network.dispose();
}

async function* pieces(samples: Float32Array): AsyncGenerator<Float32Array> {
  for (let at = 0; at < samples.length; at += 800) {
    await new Promise((resolve) => setImmediate(resolve));
    yield samples.subarray(at, at + 800);
  }
}

/** Says nothing, ever. */
function quiet(): AsyncIterable<Float32Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => ({ done: true, value: undefined }),
    }),
  };
}

async function drained(stream: AsyncIterable<unknown>): Promise<number> {
  let segments = 0;
  for await (const _segment of stream) segments++;
  return segments;
}

async function connected(signal: AbortSignal): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  serveClassifier(async () => EmotionClassifier.fromModel(smallModel()), port1 as never);
  try {
    (await RemoteClassifier.connect(port2 as never, { signal })).dispose();
  } finally {
    setTimeout(() => port1.close(), 100).unref();
  }
}

function silentPort(): never {
  const { port1, port2 } = new MessageChannel();
  setTimeout(() => port1.close(), 1000).unref();
  return port2 as never;
}

/** Serves a model, each file after some milliseconds. */
async function slowServer({
  json,
  weights,
}: Awaited<ReturnType<typeof toArtifact>>): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    setTimeout(() => response.end(request.url?.endsWith('.json') ? JSON.stringify(json) : weights), 4);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json` };
}
