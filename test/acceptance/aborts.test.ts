import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { sound } from '../classifier/sound.ts';
import { publicCalls } from '../house/publicOptions.ts';
import { tinyExtractor, tinyMatrix } from '../model/tinyModel.ts';
import * as library from '../support/library.ts';
import { tinyClassifier } from '../support/tinyClassifier.ts';
import { encodeWav } from '../support/wav.ts';
import { MemoryStore, network, synthetic } from '../training/synthetic.ts';

/*
 * The property: every public call that takes a signal is settled by it, whenever it aborts: before, at once, a tick later, in the
 * middle; also where what the call waits for never comes. Calls that are done before the abort may have their result. Nothing is
 * left that holds tensors. A call that hangs fails by the test's timeout. (Executors and stores of the host's own get the signal, or
 * the last state to save: what they are given to do is theirs to end.)
 */

const reason = new Error('enough');
type Run = (signal: AbortSignal) => Promise<unknown>;

/** What never comes. */
const never = new Promise<never>(() => {});
const silentBlob = { arrayBuffer: () => never, size: 8, slice: () => silentBlob, stream: () => silentStream } as never;
/** A zip archive, by its name, none of whose bytes come. */
const silentArchive = { ...(silentBlob as object), name: 'clips.zip', size: 1000 } as never;
const clipsFolder = new URL('../../examples/clips', import.meta.url);
/** There are no clips of RAVDESS in the folder, which is said unless the abort comes first. */
const unlessAborted = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted) throw error;
};
const silentStream = new ReadableStream({ pull: () => never });
const silentSource: AsyncIterable<Float32Array> = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
const silentRecording = (name: string, label: string): library.Recording => ({
  ...{ name, label, speaker: name, groups: {} },
  bytes: () => never,
  waveform: () => never,
});
const audible = { ...silentRecording('a', 'calm'), waveform: async () => sound(2) };
const silentDataset = new library.LabelledDataset([silentRecording('a', 'x'), silentRecording('b', 'y')]);
const silentStore = { load: () => never, save: () => never };

/** What takes a while to resample, or to decode. */
const long = sound(20, 44_100);
const wav = encodeWav([long.samples], 44_100);

const clips = synthetic({ clips: 6 });
const more = synthetic({ clips: 60 });
const folds = [
  { name: 'one', train: clips.examples.slice(0, 3), test: clips.examples.slice(3) },
  { name: 'two', train: clips.examples.slice(3), test: clips.examples.slice(0, 3) },
];
const config = { epochs: 3, window: { frames: 12 }, batchSize: 2 };
const build = (seed: number) => network(seed);

const tiny = tinyClassifier();

async function toItsEnd(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

async function withNetwork(work: (own: ReturnType<typeof network>) => Promise<unknown>): Promise<unknown> {
  const own = network(1);
  try {
    return await work(own);
  } finally {
    own.dispose();
  }
}

const enrolled = ['calm', 'sad', 'calm', 'sad'].map((label, i) => ({ sound: sound(2, 16_000, i + 1), label }));
/** What a call has made, disposed of where it came before the abort. */
async function withPersonal(made: Promise<{ dispose(): void }>): Promise<void> {
  (await made).dispose();
}

const training = (signal: AbortSignal, more: object) =>
  withNetwork((own) => library.train(own, clips, { ...config, ...more, signal }));
const { window: _window, ...adaptConfig } = config;
const adapting = (signal: AbortSignal, more: object) =>
  withNetwork(async (own) => {
    const base = await library.train(own, clips, { ...config, epochs: 1 });
    const { model } = await library.adapt(base.model, clips, { ...adaptConfig, ...more, signal });
    model.network.dispose();
  });
const listening = { sampleRate: 16_000, vad: false, whenBehind: 'wait' } as const;
async function* talking() {
  for (let i = 0; i < 60; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    yield sound(0.2).samples;
  }
}

/** By the name of the call: where nothing comes, and where it works for a while. */
const CASES: Readonly<Record<string, { readonly waiting?: readonly Run[]; readonly working?: readonly Run[] }>> = {
  'EmotionClassifier#classify': {
    waiting: [(signal) => tiny.classifier.classify(silentBlob, { signal })],
    working: [(signal) => tiny.classifier.classify(long, { signal })],
  },
  'EmotionClassifier#explain': {
    waiting: [(signal) => tiny.classifier.explain(silentBlob, { signal })],
    working: [(signal) => tiny.classifier.explain(sound(3), { signal })],
  },
  'EmotionClassifier#personalise': {
    waiting: [(signal) => tiny.classifier.personalise([{ sound: silentBlob }], { signal })],
    working: [(signal) => withPersonal(tiny.classifier.personalise(enrolled, { signal }))],
  },
  'EmotionClassifier#timeline': {
    waiting: [(signal) => tiny.classifier.timeline(silentBlob, { signal })],
    working: [(signal) => tiny.classifier.timeline(sound(20), { signal, hopSeconds: 0.1 })],
  },
  'EmotionClassifier#stream': {
    waiting: [(signal) => toItsEnd(tiny.classifier.stream(silentSource, { ...listening, signal }))],
    working: [(signal) => toItsEnd(tiny.classifier.stream(talking(), { ...listening, signal }))],
  },
  'EmotionClassifier.load': {
    waiting: [(signal) => library.EmotionClassifier.load({ load: () => never }, { signal })],
  },
  loadModel: { waiting: [(signal) => library.loadModel({ load: () => never }, { signal })] },
  'RemoteClassifier#classify': {
    working: [(signal) => tiny.remote.classify(long, { signal })],
  },
  'RemoteClassifier#explain': { working: [(signal) => tiny.remote.explain(sound(3), { signal })] },
  'RemoteClassifier#personalise': {
    waiting: [(signal) => tiny.remote.personalise([{ sound: new ReadableStream({ pull: () => never }) }], { signal })],
    working: [(signal) => withPersonal(tiny.remote.personalise(enrolled, { signal }))],
  },
  'RemoteClassifier#timeline': { working: [(signal) => tiny.remote.timeline(sound(20), { signal, hopSeconds: 0.1 })] },
  'RemoteClassifier#stream': {
    waiting: [(signal) => toItsEnd(tiny.remote.stream(silentSource, { ...listening, signal }))],
    working: [(signal) => toItsEnd(tiny.remote.stream(talking(), { ...listening, signal }))],
  },
  'RemoteClassifier.connect': {
    waiting: [(signal) => library.RemoteClassifier.connect(new MessageChannel().port1, { signal })],
  },
  'FeatureExtractor#preprocess': { working: [(signal) => tinyExtractor.preprocess(long, { signal })] },
  'FeatureExtractor#extract': { working: [(signal) => tinyExtractor.extract(long, { signal })] },
  'LabelledDataset.from': {
    waiting: [(signal) => library.LabelledDataset.from(silentArchive, { signal })],
  },
  'RavdessDataset.from': { waiting: [(signal) => library.RavdessDataset.from(silentArchive, { signal })] },
  openCorpora: { working: [(signal) => library.openCorpora(clipsFolder, { signal }).catch(unlessAborted(signal))] },
  openCorpus: { waiting: [(signal) => library.openCorpus('ravdess', silentArchive, { signal })] },
  openLabelled: { working: [(signal) => library.openLabelled(clipsFolder, { label: () => 'x', signal })] },
  openRavdess: { working: [(signal) => library.openRavdess(clipsFolder, { signal }).catch(unlessAborted(signal))] },
  openSources: { working: [(signal) => library.openSources(clipsFolder, { signal })] },
  sourcesFromFiles: {
    waiting: [(signal) => library.sourcesFromFiles([silentArchive], { signal })],
  },
  toSources: { waiting: [(signal) => library.toSources(silentArchive, { signal })] },
  'LabelledDataset#dropUnreadable': { waiting: [(signal) => silentDataset.dropUnreadable({ signal })] },
  'RavdessDataset#dropUnreadable': {
    waiting: [
      async (signal) => {
        const source = { name: 'a/03-01-05-01-01-01-01.wav', bytes: () => never };
        return (await library.RavdessDataset.from([source])).dropUnreadable({ signal });
      },
    ],
  },
  audit: {
    waiting: [(signal) => library.audit(tiny.model, [silentRecording('a', 'calm')], { signal })],
    working: [
      (signal) => library.audit(tiny.model, { ...more, labels: tiny.model.settings.labels }, { signal }),
      (signal) => library.audit(tiny.model, [audible], { doses: ['room', 'telephone'], signal }),
    ],
  },
  calibrate: {
    working: [(signal) => library.calibrate(tiny.model, { ...more, labels: tiny.model.settings.labels }, { signal })],
  },
  crossValidate: {
    waiting: [(signal) => library.crossValidate(clips, folds, { build, train: config, store: silentStore, signal })],
    working: [(signal) => library.crossValidate(clips, folds, { build, train: config, signal })],
  },
  decodeAudio: {
    working: [(signal) => library.decodeAudio(wav, { signal })],
  },
  evaluate: {
    working: [(signal) => library.evaluate(tiny.model, { ...more, labels: tiny.model.settings.labels }, { signal })],
  },
  predict: {
    working: [
      (signal) =>
        library.predict(
          tiny.model,
          Array.from({ length: 90 }, (_, i) => tinyMatrix(20, i)),
          { batchSize: 1, signal },
        ),
    ],
  },
  predictExamples: { working: [(signal) => library.predictExamples(tiny.model, more, { batchSize: 1, signal })] },
  prepareExamples: {
    waiting: [
      (signal) => library.prepareExamples(silentDataset, { signal }),
      (signal) => library.prepareExamples(silentDataset, { signal, executor: library.featureWorkers({ workers: 1 }) }),
    ],
  },
  resample: { working: [(signal) => library.resample(long, 16_000, { signal })] },
  streamFeatures: {
    waiting: [
      (signal) => toItsEnd(library.streamFeatures(tinyExtractor, silentSource, { sampleRate: 16_000, signal })),
    ],
  },
  toWaveform: {
    waiting: [(signal) => library.toWaveform(silentBlob, { signal })],
    working: [(signal) => library.toWaveform(long, { sampleRate: 16_000, signal })],
  },
  adapt: {
    waiting: [(signal) => adapting(signal, { checkpoint: { store: silentStore } })],
    working: [(signal) => adapting(signal, {}), (signal) => adapting(signal, { layers: 'head' })],
  },
  train: {
    waiting: [(signal) => training(signal, { checkpoint: { store: silentStore } })],
    working: [
      (signal) => training(signal, {}),
      (signal) => training(signal, { checkpoint: { store: new MemoryStore() } }),
    ],
  },
  trainEnsemble: {
    waiting: [
      (signal) => library.trainEnsemble(clips, { build, seeds: [1, 2], train: config, store: silentStore, signal }),
    ],
    working: [
      async (signal) => {
        const reports = await library.trainEnsemble(clips, { build, seeds: [1, 2], train: config, signal });
        for (const { model: member } of reports) member.network.dispose();
      },
    ],
  },
};

/** What only a page has; test/browser tries them. */
const IN_PAGES = ['fromMediaElement', 'fromMediaStream', 'microphone'];

const later = async (turns: number) => {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** When the signal aborts: called with the controller right after the call. */
const MOMENTS: readonly (readonly [string, (controller: AbortController) => unknown])[] = [
  ['at once', (controller) => controller.abort(reason)],
  ['a microtask later', (controller) => queueMicrotask(() => controller.abort(reason))],
  ['a tick later', (controller) => later(1).then(() => controller.abort(reason))],
  ['in the middle', (controller) => later(7).then(() => controller.abort(reason))],
];

describe('a signal settles every public call that takes one', { timeout: 10_000 }, () => {
  it('all of them are tried here (oracle: their types, by TypeScript)', { timeout: 120_000 }, () => {
    const taking = publicCalls()
      .filter(({ shapes }) => shapes[0]!.names.includes('signal'))
      .map(({ name }) => name)
      .filter((name) => /\w+/.exec(name)![0] in library && !IN_PAGES.includes(name));
    expect(taking.filter((name) => !(name in CASES))).toEqual([]);
    expect(Object.keys(CASES).filter((name) => !taking.includes(name))).toEqual([]);
  });

  const runs = Object.entries(CASES).flatMap(([name, { waiting = [], working = [] }]) => [
    ...waiting.map((run, i) => ({ name, run, what: `what never comes (${i})`, waits: true })),
    ...working.map((run, i) => ({ name, run, what: `work (${i})`, waits: false })),
  ]);

  it.each(runs)('$name with $what, aborted before', async ({ run }) => {
    const tensors = tf.memory().numTensors;
    await expect(run(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  describe.each(MOMENTS)('aborted %s', (_when, abort) => {
    it.each(runs)('$name with $what', async ({ run, waits }) => {
      const tensors = tf.memory().numTensors;
      const controller = new AbortController();
      const running = run(controller.signal);
      abort(controller);
      if (waits) await expect(running).rejects.toBe(reason);
      else {
        const outcome = await running.then(
          () => undefined,
          (error) => error,
        );
        expect([undefined, reason]).toContain(outcome);
      }
      await later(3); // another thread's classifier lets go of what it has a little later
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });
});
