import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { sound } from '../classifier/sound.ts';
import { tinyExtractor, tinyMatrix } from '../model/tinyModel.ts';
import * as library from '../support/library.ts';
import { tinyClassifier } from '../support/tinyClassifier.ts';
import { network, synthetic } from '../training/synthetic.ts';
import { type OptionsShape, publicCalls } from './publicOptions.ts';

/*
 * The rule: a misspelt option is an error, `null` and numbers are no options, a signal is a signal, a listener a function; in every
 * public function, constructor and method that takes options, and in every object of options within them. Which those are, TypeScript
 * says; a new one without a line here fails.
 */

type Options = Record<string, unknown>;
/** How to call with options, and options that would do. */
type Call = readonly [call: (options: never) => unknown, base?: Options];

const clips = synthetic({ clips: 6 });
const folds = [{ name: 'one', train: clips.examples.slice(0, 3), test: clips.examples.slice(3) }];
const store = { load: async () => undefined, save: async () => {} };
const layer = { units: 2, seed: 1 };
const phase: Options = {
  epochs: 1,
  schedule: { type: 'oneCycle' },
  sampling: { shares: {} },
  augment: {
    ...{ tempo: {}, crop: {}, room: {}, babble: {}, colouredNoise: {}, equalisation: {}, telephone: {} },
    ...{ noise: {}, timeMasks: {}, frequencyMasks: {}, mixup: {} },
  },
};
const ofAdapt: Options = { ...phase, dataset: {} };
const training: Options = { ...ofAdapt, window: { frames: 12 }, pretraining: phase };
const teacher = { probabilities: new Map(clips.examples.map(({ name }) => [name, [1, 0, 0]])) };
const predictions = [
  { name: 'a', label: 0, speaker: 'x', groups: {}, probabilities: [0.6, 0.4] },
  { name: 'b', label: 1, speaker: 'y', groups: {}, probabilities: [0.7, 0.3] },
];
const pieces = async function* () {
  yield new Float32Array(1600);
};
const bytesOf = async function* () {
  yield new Uint8Array(8);
};
const features = { type: 'logMel' };
const recording = (name: string, label: string): library.Recording => ({
  ...{ name, label, speaker: name, groups: { sex: name } },
  bytes: async () => new Uint8Array(0),
  waveform: async () => sound(0.1),
});
const labelled = new library.LabelledDataset([recording('a', 'x'), recording('b', 'y'), recording('c', 'x')]);
const source = (name: string) => ({ name, bytes: async () => new Uint8Array(0) });
const file = source('set/03-01-05-01-01-01-01.wav');

const tiny = tinyClassifier();
let ravdess: library.RavdessDataset;
beforeAll(async () => {
  ravdess = await library.RavdessDataset.from([file, source('set/03-01-03-01-01-01-02.wav')]);
});

const target = { save: async () => ({}) as never };
const own = () => network(1, 12);
const CALLS: Record<string, Call> = {
  'AttentionPooling#attention': [(o) => attention(o)],
  'EmotionClassifier#classify': [(o) => tiny.classifier.classify(sound(0.3), o), { vad: {} }],
  'EmotionClassifier#explain': [(o) => tiny.classifier.explain(sound(0.3), o)],
  'EmotionClassifier#personalise': [(o) => tiny.classifier.personalise([{ sound: sound(0.3) }], o), { vad: {} }],
  'EmotionClassifier#save': [(o) => tiny.classifier.save(target, o)],
  'EmotionClassifier#stream': [
    (o) => tiny.classifier.stream(pieces(), o).next(),
    { sampleRate: 16_000, vad: {}, smoothing: {} },
  ],
  'EmotionClassifier#timeline': [(o) => tiny.classifier.timeline(sound(0.3), o), { vad: {} }],
  'EmotionClassifier.load': [(o) => library.EmotionClassifier.load({ load: async () => ({}) }, o)],
  'FeatureExtractor#preprocess': [(o) => tinyExtractor.preprocess(sound(0.3), o)],
  'FeatureExtractor#extract': [(o) => tinyExtractor.extract(sound(0.3), o)],
  'LabelledDataset#dropUnreadable': [(o) => labelled.dropUnreadable(o)],
  'LabelledDataset#folds': [(o) => labelled.folds(o), { folds: 2 }],
  'LabelledDataset#splitBySpeaker': [(o) => labelled.splitBySpeaker(o), { speakers: 1 }],
  'LabelledDataset.from': [(o) => library.LabelledDataset.from([source('set/x/a.wav')], o)],
  'Normalizer.fit': [(o) => library.Normalizer.fit([tinyMatrix(9)], o)],
  'RavdessDataset#dropUnreadable': [(o) => ravdess.dropUnreadable(o)],
  'RavdessDataset#filter': [(o) => ravdess.filter(o)],
  'RavdessDataset#folds': [(o) => ravdess.folds(o), { folds: 2, by: 'speaker' }],
  'RavdessDataset#splitByActor': [(o) => ravdess.splitByActor(o), { actors: 1 }],
  'RavdessDataset#splitBySpeaker': [(o) => ravdess.splitBySpeaker(o), { speakers: 1 }],
  'RavdessDataset.from': [(o) => library.RavdessDataset.from([file], o)],
  'RemoteClassifier#classify': [(o) => tiny.remote.classify(sound(0.3), o), { vad: {} }],
  'RemoteClassifier#explain': [(o) => tiny.remote.explain(sound(0.3), o)],
  'RemoteClassifier#personalise': [(o) => tiny.remote.personalise([{ sound: sound(0.3) }], o), { vad: {} }],
  'RemoteClassifier#stream': [
    (o) => tiny.remote.stream(pieces(), o).next(),
    { sampleRate: 16_000, vad: {}, smoothing: {} },
  ],
  'RemoteClassifier#timeline': [(o) => tiny.remote.timeline(sound(0.3), o), { vad: {} }],
  'RemoteClassifier.connect': [(o) => library.RemoteClassifier.connect(new MessageChannel().port1, o)],
  audit: [
    (o) => library.audit(tiny.model, clips, o),
    { bootstrap: {}, doses: [{ name: 'a', dose: 'b', apply: (own: library.Waveform) => own }] },
  ],
  buildCnnLstm: [(o) => library.buildCnnLstm(o), { convolution: [{ filters: 2 }], recurrent: { units: 2 }, head: {} }],
  calibrate: [(o) => library.calibrate(tiny.model, clips, o)],
  checkLeaks: [(o) => library.checkLeaks(folds, o)],
  crossValidate: [
    (o) => library.crossValidate(clips, folds, o),
    { build: own, train: training, teachers: { seeds: [2] }, bootstrap: {} },
  ],
  decodeAudio: [(o) => library.decodeAudio(new Uint8Array(8), o)],
  deltas: [(o) => library.deltas(tinyMatrix(9), o)],
  evaluate: [(o) => library.evaluate(tiny.model, clips, o), { bootstrap: {} }],
  featureWorkers: [(o) => library.featureWorkers(o)],
  fitSureThreshold: [(o) => library.fitSureThreshold(predictions, o)],
  fromMediaElement: [(o) => library.fromMediaElement({} as never, o)],
  fromMediaStream: [(o) => library.fromMediaStream({ getAudioTracks: () => [] } as never, o)],
  loadModel: [(o) => library.loadModel({ load: async () => ({}) }, o)],
  melFilterBank: [(o) => library.melFilterBank(o), { sampleRate: 16_000 }],
  microphone: [(o) => library.microphone(o)],
  'new AttentionPooling': [(o) => new library.AttentionPooling(o)],
  'new BatchNorm': [(o) => new library.BatchNorm(o)],
  'new Conv2d': [(o) => new library.Conv2d(o), { filters: 2, seed: 1 }],
  'new Deltas': [(o) => new library.Deltas(o)],
  'new Dense': [(o) => new library.Dense(o), layer],
  'new DropConnect': [(o) => new library.DropConnect(o), { ...layer, rate: 0.5 }],
  'new Dropout': [(o) => new library.Dropout(o), { rate: 0.5, seed: 1 }],
  'new Elman': [(o) => new library.Elman(o), layer],
  'new EmotionMonitor': [
    (o) => new library.EmotionMonitor(o),
    { rules: [{ emotion: 'sad', for: 3, onRule: () => {} }] },
  ],
  'new FeatureExtractor': [(o) => new library.FeatureExtractor(o), { trim: {}, features }],
  'new FinalFrame': [(o) => new library.FinalFrame(o)],
  'new Gru': [(o) => new library.Gru(o), layer],
  'new IndRnn': [(o) => new library.IndRnn(o), layer],
  'new LabelledDataset': [(o) => new library.LabelledDataset(labelled, o)],
  'new LogMel': [(o) => new library.LogMel(o), { sampleRate: 16_000 }],
  'new LogStft': [(o) => new library.LogStft(o), { sampleRate: 16_000 }],
  'new Lstm': [(o) => new library.Lstm(o), layer],
  'new MaxPool2d': [(o) => new library.MaxPool2d(o)],
  'new MaxPooling': [(o) => new library.MaxPooling(o)],
  'new Maxout': [(o) => new library.Maxout(o), layer],
  'new MeanPooling': [(o) => new library.MeanPooling(o)],
  'new Mfcc': [(o) => new library.Mfcc(o), { sampleRate: 16_000 }],
  'new MultiplicativeLstm': [(o) => new library.MultiplicativeLstm(o), layer],
  'new MultiplicativeRnn': [(o) => new library.MultiplicativeRnn(o), layer],
  'new RavdessDataset': [(o) => new library.RavdessDataset(ravdess, o)],
  'new SecondOrder': [(o) => new library.SecondOrder(o), layer],
  'new StatisticsPooling': [(o) => new library.StatisticsPooling(o)],
  'new Stft': [(o) => new library.Stft(o), { sampleRate: 16_000 }],
  'new UncertainFrames': [(o) => new library.UncertainFrames(o)],
  openCorpus: [(o) => library.openCorpus('ravdess', [file], o)],
  openCorpora: [(o) => library.openCorpora('examples/clips', o)],
  openLabelled: [(o) => library.openLabelled('examples/clips', o)],
  openRavdess: [(o) => library.openRavdess('examples/clips', o)],
  openSources: [(o) => library.openSources('examples/clips', o)],
  pcm: [(o) => library.pcm(bytesOf(), o)],
  predict: [(o) => library.predict(tiny.model, [tinyMatrix(9)], o)],
  predictExamples: [(o) => library.predictExamples(tiny.model, clips, o)],
  prepareExamples: [
    (o) => library.prepareExamples(labelled, o),
    { features: { trim: {}, features }, copies: [{ type: 'lowRate' }] },
  ],
  resample: [(o) => library.resample(sound(0.1), 8000, o)],
  resolveRecurrentOptions: [(o) => library.resolveRecurrentOptions('Mine', o), layer],
  saveModel: [(o) => library.saveModel(tiny.model, target, o)],
  restrictPredictions: [(o) => library.restrictPredictions(['a', 'b'], predictions, ['a', 'b'], o), { merge: {} }],
  speakerBootstrap: [(o) => library.speakerBootstrap(predictions, 2, library.weightedAverageRecall, o)],
  sourcesFromFiles: [(o) => library.sourcesFromFiles([], o)],
  streamFeatures: [(o) => library.streamFeatures(tinyExtractor, pieces(), o).next(), { sampleRate: 16_000 }],
  summarise: [(o) => library.summarise(['a', 'b'], [{ predictions, temperature: 1 }], o)],
  toAudacityLabels: [(o) => library.toAudacityLabels([], o)],
  ribbonShapes: [(o) => library.ribbonShapes([], o), { width: 100, height: 10 }],
  timelineSvg: [(o) => library.timelineSvg([], o), { spectrogram: { href: 'x', ticks: [{ at: 0, text: 'x' }] } }],
  toElan: [(o) => library.toElan([], o)],
  toSpans: [(o) => library.toSpans([], o)],
  toTextGrid: [(o) => library.toTextGrid([], o), { seconds: 1 }],
  toWebVtt: [(o) => library.toWebVtt([], o)],
  toArtifact: [(o) => library.toArtifact(tiny.model, o)],
  toSources: [(o) => library.toSources([source('a.wav')], o)],
  toWaveform: [(o) => library.toWaveform(sound(0.1), o)],
  adapt: [(o) => withOwn((net) => adapting(net, o)), { ...ofAdapt, teacher, checkpoint: { store } }],
  train: [(o) => withOwn((net) => library.train(net, clips, o)), { ...training, teacher, checkpoint: { store } }],
  trainEnsemble: [(o) => library.trainEnsemble(clips, o), { build: own, seeds: [1], train: { ...training, teacher } }],
  trainingWorkers: [(o) => library.trainingWorkers('nothing.js', o)],
  trimSilence: [(o) => library.trimSilence(sound(0.1), o)],
};

function attention(options: never): unknown {
  const pooling = new library.AttentionPooling({});
  const input = tfl.input({ shape: [3, 2] });
  pooling.apply(input);
  return tf.tidy(() => pooling.attention(tf.zeros([1, 3, 2]), options));
}

async function adapting(net: tfl.LayersModel, options: never): Promise<void> {
  const { model } = await library.train(net, clips, { epochs: 1, window: { frames: 12 } });
  const report = await library.adapt(model, clips, options);
  report.model.network.dispose();
}

async function withOwn(work: (net: tfl.LayersModel) => Promise<unknown>): Promise<unknown> {
  const net = own();
  try {
    return await work(net);
  } finally {
    net.dispose();
  }
}

/** What a call throws, then or when it is waited for. */
async function thrownBy(call: Call[0], options: unknown): Promise<unknown> {
  try {
    await call(options as never);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The base with another object at a path such as `augment.noise` or `rules[]`. */
function replaced(base: Options, path: string, change: (before: Options) => unknown): unknown {
  if (path === '') return change(base);
  const [, name, isList, rest] = /^(\w+)(\[\])?\.?(.*)$/.exec(path)!;
  const before = base[name!] as Options | Options[] | undefined;
  const inner = (Array.isArray(before) ? before[0] : before) ?? {};
  const after = replaced(inner, rest!, change);
  return { ...base, [name!]: isList ? [after] : after };
}

/** Without those of modules that are exported for their types alone. */
const calls = publicCalls().filter(({ name }) => /\w+/.exec(name.replace('new ', ''))![0] in library);
/** What tfjs calls, with options of its own. */
const OF_TFJS = ['AttentionPooling#attention'];

describe('options of the public functions (oracle: their types, by TypeScript)', { timeout: 10_000 }, () => {
  it('are tried here, all of them', { timeout: 120_000 }, () => {
    expect(calls.length).toBeGreaterThan(60);
    expect(calls.map(({ name }) => name).filter((name) => !(name in CALLS))).toEqual([]);
    expect(Object.keys(CALLS).filter((name) => !calls.some((call) => call.name === name))).toEqual([]);
  });

  const shapes = calls
    .filter(({ name }) => !OF_TFJS.includes(name))
    .flatMap(({ name, shapes: own }) => own.map((shape) => ({ name, at: shape.path || 'options', shape })));

  it.each(shapes)('$name refuses a misspelt name in $at', async ({ name, shape }) => {
    const [call, base = {}] = CALLS[name]!;
    const error = await thrownBy(
      call,
      replaced(base, shape.path, (before) => ({ ...before, misspelt: 1 })),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/^Cannot .*: there is no option named '([\w.[\]]+\.)?misspelt'/);
  });

  it.each(shapes)('$name refuses null and numbers as $at', async ({ name, shape }) => {
    const [call, base = {}] = CALLS[name]!;
    for (const value of [null, 3]) {
      const error = await thrownBy(
        call,
        replaced(base, shape.path, () => value),
      );
      expect(error, `got ${value}`).toBeInstanceOf(Error);
      expect(['TypeError', 'RangeError']).toContain((error as Error).name);
      expect((error as Error).message).toMatch(/^Cannot .+ must /);
    }
  });

  /** Values that neither a template nor JSON can show, and a function that gives nothing. */
  const AWKWARD = [Symbol('awkward'), Object.create(null), 3n, [Object.create(null)], () => undefined];

  it.each(shapes)(
    '$name takes or refuses, in its own words, whatever stands for an option in $at',
    async ({ name, shape }) => {
      const [call, base = {}] = CALLS[name]!;
      for (const option of shape.names) {
        for (const value of AWKWARD) {
          const error = await thrownBy(
            call,
            replaced(base, shape.path, (before) => ({ ...before, [option]: value })),
          );
          // Those of the engine have no colon: "Cannot convert a Symbol value to a string".
          if (error !== undefined) expect(String((error as Error).message), option).toMatch(/^Cannot [^:]+: /);
        }
      }
    },
  );

  const special = ({ names }: OptionsShape) => names.filter((option) => option === 'signal' || /^on[A-Z]/.test(option));
  const listening = shapes.flatMap((one) => special(one.shape).map((option) => ({ ...one, option })));

  it.each(listening)('$name refuses what is no $option in $at', async ({ name, shape, option }) => {
    const [call, base = {}] = CALLS[name]!;
    for (const value of [{}, 3, null]) {
      const error = await thrownBy(
        call,
        replaced(base, shape.path, (before) => ({ ...before, [option]: value })),
      );
      expect(error, `got ${JSON.stringify(value)}`).toBeInstanceOf(Error);
      expect((error as Error).message).toMatch(/^Cannot .+ must /);
    }
  });
});
