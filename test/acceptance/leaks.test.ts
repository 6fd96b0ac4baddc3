import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { AudioFormatError, ModelFormatError, TrainingError } from '../../src/core/errors.ts';
import { crossValidate } from '../../src/crossValidation/crossValidate.ts';
import { trainEnsemble } from '../../src/crossValidation/ensemble.ts';
import { audit } from '../../src/evaluation/audit/audit.ts';
import { calibrate } from '../../src/evaluation/calibrate.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { Dense } from '../../src/layers/dense.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { fromArtifact, type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { loadModel, saveModel } from '../../src/model/modelSource.ts';
import { predict } from '../../src/model/predict.ts';
import type { TrainedModel } from '../../src/model/trainedModel.ts';
import { adapt } from '../../src/training/adapt.ts';
import type { AdaptOptions } from '../../src/training/adaptOptions.ts';
import { train } from '../../src/training/train.ts';
import { sound } from '../classifier/sound.ts';
import { tinyMatrix, tinySettings } from '../model/tinyModel.ts';
import { describeBackends, hostBackends } from '../support/backends.ts';
import * as library from '../support/library.ts';
import { LABELS, MemoryStore } from '../training/synthetic.ts';
import { data, OPTIONS, smallNetwork, validation } from './smallTraining.ts';

/*
 * Oracle: what tfjs says it holds, before and after. Tensors are not all: a kernel may leave memory behind that no tensor
 * refers to, which the backend alone knows of.
 */
function held() {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { numTensors, numDataBuffers, numBytes, backendBuffers: tf.engine().backend.numDataIds() };
}

/** Runs `work`, which must end as it should, and holds that nothing is left of it. */
async function leavesNothing(work: () => unknown): Promise<void> {
  const before = held();
  await work();
  expect(held()).toEqual(before);
}

/** Public functions that are asynchronous for another reason than tensors. */
const WITHOUT_TENSORS = [
  'decodeAudio',
  'deleteBrowserCheckpoint',
  'deleteStoredModel',
  'fromMediaElement',
  'fromMediaStream',
  'microphone',
  'openCorpora',
  'openCorpus',
  'openLabelled',
  'openRavdess',
  'openSound',
  'openSources',
  'prepareExamples',
  'resample',
  'sourcesFromFiles',
  'toSources',
  'toWaveform',
];

const reason = new Error('enough');
const aborted = () => ({ signal: AbortSignal.abort(reason) });

/** A signal that aborts once `tell` was called so often. */
function abortsAfter(calls: number): { signal: AbortSignal; tell: () => void } {
  const controller = new AbortController();
  let left = calls;
  return { signal: controller.signal, tell: () => --left === 0 && controller.abort(reason) };
}

const noisy = () => {
  throw reason;
};

type Case = [what: string, work: () => unknown];

await describeBackends(hostBackends, 'nothing is left', () => {
  let model: TrainedModel;
  let artifact: ModelArtifact;
  let outside: ReturnType<typeof held>;

  beforeEach(async () => {
    outside = held();
    const { labels } = tinySettings();
    const network = buildCnnLstm({
      bins: 8,
      classes: labels.length,
      convolution: [{ filters: 3 }],
      recurrent: { units: 3 },
    });
    model = { network, settings: tinySettings() };
    artifact = await toArtifact(model);
  });
  afterEach(() => {
    model.network.dispose();
    expect(held()).toEqual(outside);
  });

  /** Fresh network, trained a little; disposed of whatever happens. */
  const training = async (options: Parameters<typeof train>[2], set = data) => {
    const network = smallNetwork();
    try {
      return await train(network, set, { ...OPTIONS, epochs: 2, ...options });
    } finally {
      network.dispose();
    }
  };
  /** A model adapted to the same clips; disposed of whatever happens. */
  const adapting = async (options: AdaptOptions) => {
    const network = smallNetwork();
    try {
      const { model } = await train(network, data, { ...OPTIONS, epochs: 1 });
      const report = await adapt(model, data, options);
      report.model.network.dispose();
    } finally {
      network.dispose();
    }
  };
  /** A network whose answers are no numbers. */
  const broken = () => {
    const network = smallNetwork();
    const bias = network.trainableWeights.at(-1)!;
    tf.tidy(() => void bias.write(tf.fill(bias.shape as number[], Number.NaN)));
    return network;
  };
  const settings = () => ({ ...tinySettings(), labels: LABELS, window: { frames: 12, hopFrames: 6 } });
  const folds = ['even', 'odd'].map((parity) => ({
    name: parity,
    train: data.examples.filter(({ groups }) => groups.parity !== parity),
    test: data.examples.filter(({ groups }) => groups.parity === parity),
  }));
  const config = { ...OPTIONS, epochs: 1 };
  const withModel = async (network: TrainedModel['network'], work: (model: TrainedModel) => Promise<unknown>) => {
    try {
      await work({ network, settings: settings() });
    } finally {
      network.dispose();
    }
  };
  const withClassifier = async (work: (classifier: EmotionClassifier) => unknown) => {
    using classifier = await EmotionClassifier.load(artifact);
    await leavesNothing(() => work(classifier));
  };
  /** The artefact with a piece of its JSON exchanged. */
  const edited = (from: string, to: string): ModelArtifact => {
    const text = JSON.stringify(artifact.json);
    expect(text).toContain(from);
    return { json: JSON.parse(text.replace(from, to)), weights: artifact.weights };
  };
  const withWeights = (weights: Uint8Array | undefined) => ({ json: artifact.json, weights }) as ModelArtifact;
  const flipped = () => withWeights(artifact.weights.map((byte, i) => (i === 7 ? byte ^ 1 : byte)));
  const damaged: [string, () => ModelArtifact][] = [
    ['weights changed', flipped],
    ['weights cut short', () => withWeights(artifact.weights.slice(0, -4))],
    ['no weights', () => withWeights(undefined)],
    ['a topology that was edited', () => edited('"filters":3', '"filters":4')],
    ['a newer format', () => edited('"formatVersion":2', '"formatVersion":3')],
    ["another program's model", () => edited('"speech-emotion":', '"other":')],
    ['no model at all', () => ({ json: [] as never, weights: artifact.weights })],
  ];

  const CASES: Record<string, Case[]> = {
    buildCnnLstm: [
      ['a network that is disposed of', () => buildCnnLstm().dispose()],
      ['an option out of range', () => expect(() => buildCnnLstm({ classes: 0 })).toThrow(RangeError)],
      [
        "a caller's part that throws after others were built",
        () => expect(() => buildCnnLstm({ bins: 8, head: noisy })).toThrow(reason),
      ],
      [
        "a caller's part that gives the wrong shape",
        () =>
          expect(() =>
            buildCnnLstm({ bins: 8, head: (x) => new Dense({ units: 5, seed: 1 }).apply(x) as typeof x }),
          ).toThrow(RangeError),
      ],
    ],
    adapt: [
      ['the classifying layer', () => adapting({ layers: 'head' })],
      ['all layers', () => adapting({ epochs: 1 })],
      ['an option out of range', () => expect(adapting({ rateDecay: 0 })).rejects.toThrow(RangeError)],
      ['a signal that has aborted', () => expect(adapting(aborted())).rejects.toBe(reason)],
      ['a callback that throws', () => expect(adapting({ onProgress: noisy })).rejects.toBe(reason)],
    ],
    train: [
      ['a whole run', () => training({ validation, checkpoint: { store: new MemoryStore(), everyBatches: 1 } })],
      ['an option out of range', () => expect(training({ epochs: 0 })).rejects.toThrow(RangeError)],
      ['data that does not fit', () => expect(training({}, { ...data, labels: ['a'] })).rejects.toThrow(RangeError)],
      ['a signal that has aborted', () => expect(training(aborted())).rejects.toBe(reason)],
      [
        'an abort midway, saved and resumed',
        async () => {
          const store = new MemoryStore();
          const { signal, tell } = abortsAfter(5);
          const run = training({ validation, signal, onProgress: tell, checkpoint: { store, everyEpochs: 9 } });
          await expect(run).rejects.toBe(reason);
          await training({ validation, checkpoint: { store, everyEpochs: 9 } });
        },
      ],
      [
        'a loss that is not finite',
        async () => {
          const network = broken();
          await expect(train(network, data, { ...OPTIONS, epochs: 1 })).rejects.toThrow(TrainingError);
          network.dispose();
        },
      ],
      [
        'a damaged checkpoint',
        async () => {
          const store = new MemoryStore(new Uint8Array(100));
          await expect(training({ checkpoint: { store } })).rejects.toThrow(TrainingError);
        },
      ],
      [
        'a store that throws',
        () =>
          expect(
            training({ checkpoint: { store: { load: async () => undefined, save: async () => noisy() } } }),
          ).rejects.toBe(reason),
      ],
      ['a callback that throws', () => expect(training({ onProgress: noisy })).rejects.toBe(reason)],
      [
        'a layer that throws within a step',
        async () => {
          const network = smallNetwork();
          const layer = network.layers.at(-2)!; // the last but one: of the last, training reads the sums alone
          const call = layer.call.bind(layer);
          let calls = 0;
          layer.call = (...args) => (++calls === 2 ? noisy() : call(...args));
          await expect(train(network, data, { ...OPTIONS, epochs: 1 })).rejects.toBe(reason);
          network.dispose();
        },
      ],
    ],
    evaluate: [
      ['an evaluation', () => withModel(smallNetwork(), (trained) => evaluate(trained, validation))],
      [
        'data with other labels',
        () =>
          withModel(smallNetwork(), (trained) =>
            expect(evaluate(trained, { ...validation, labels: ['a'] })).rejects.toThrow(RangeError),
          ),
      ],
      [
        'an abort',
        () => withModel(smallNetwork(), (trained) => expect(evaluate(trained, data, aborted())).rejects.toBe(reason)),
      ],
      [
        'answers that are no numbers',
        () => withModel(broken(), (trained) => expect(evaluate(trained, data)).rejects.toThrow(/must give 3 prob/)),
      ],
    ],
    predictExamples: [
      ['predictions', () => withModel(smallNetwork(), (trained) => predictExamples(trained, validation))],
      [
        'an abort',
        () => withModel(smallNetwork(), (own) => expect(predictExamples(own, data, aborted())).rejects.toBe(reason)),
      ],
    ],
    audit: [
      ['an audit', () => withModel(smallNetwork(), (trained) => audit(trained, validation))],
      [
        'an abort',
        () => withModel(smallNetwork(), (trained) => expect(audit(trained, data, aborted())).rejects.toBe(reason)),
      ],
      [
        'answers that are no numbers',
        () => withModel(broken(), (trained) => expect(audit(trained, data)).rejects.toThrow(/must give 3 prob/)),
      ],
    ],
    calibrate: [
      ['a calibration', () => withModel(smallNetwork(), (trained) => calibrate(trained, validation))],
      [
        'no clips',
        () =>
          withModel(smallNetwork(), (trained) =>
            expect(calibrate(trained, { ...validation, examples: [] })).rejects.toThrow(RangeError),
          ),
      ],
      [
        'an abort',
        () => withModel(smallNetwork(), (trained) => expect(calibrate(trained, data, aborted())).rejects.toBe(reason)),
      ],
    ],
    crossValidate: [
      ['a whole run', () => crossValidate(data, folds, { build: smallNetwork, train: config })],
      [
        'folds that leak',
        () => {
          const leaking = [{ name: 'all', train: data.examples, test: data.examples }];
          return expect(crossValidate(data, leaking, { build: smallNetwork })).rejects.toThrow(RangeError);
        },
      ],
      [
        'an abort midway',
        () => {
          const { signal, tell } = abortsAfter(5);
          const run = crossValidate(data, folds, { build: smallNetwork, train: config, signal, onProgress: tell });
          return expect(run).rejects.toBe(reason);
        },
      ],
      ['a builder that throws', () => expect(crossValidate(data, folds, { build: noisy })).rejects.toBe(reason)],
      [
        'a loss that is not finite',
        () => expect(crossValidate(data, folds, { build: broken, train: config })).rejects.toThrow(TrainingError),
      ],
      [
        'a network that does not fit',
        () => {
          const build = () => buildCnnLstm({ bins: 8, classes: 2 });
          return expect(crossValidate(data, folds, { build, train: config })).rejects.toThrow(RangeError);
        },
      ],
    ],
    predict: [
      ['predictions', () => predict(model, [tinyMatrix(50), tinyMatrix(3)])],
      [
        'an abort midway',
        () => {
          const { signal, tell } = abortsAfter(2);
          const matrices = [1, 2, 3, 4].map((seed) => tinyMatrix(20, seed));
          return expect(predict(model, matrices, { batchSize: 1, signal, onPrediction: tell })).rejects.toBe(reason);
        },
      ],
      [
        'features of other bins',
        () => expect(predict(model, [{ values: new Float32Array(9), frames: 3, bins: 3 }])).rejects.toThrow(RangeError),
      ],
      [
        'answers that are no numbers',
        () => withModel(broken(), (own) => expect(predict(own, [tinyMatrix(20)])).rejects.toThrow('must give 3 prob')),
      ],
      [
        'a callback that throws',
        () => expect(predict(model, [tinyMatrix(20)], { onPrediction: noisy })).rejects.toBe(reason),
      ],
    ],
    trainEnsemble: [
      [
        'models that are disposed of',
        async () => {
          const reports = await trainEnsemble(data, { build: smallNetwork, seeds: [1, 2], train: config });
          for (const { model: member } of reports) member.network.dispose();
        },
      ],
      [
        'an abort midway',
        () => {
          const { signal, tell } = abortsAfter(3);
          const run = trainEnsemble(data, {
            build: smallNetwork,
            seeds: [1, 2],
            train: config,
            signal,
            onProgress: tell,
          });
          return expect(run).rejects.toBe(reason);
        },
      ],
      [
        'a builder that throws',
        () => expect(trainEnsemble(data, { build: noisy, seeds: [1], train: config })).rejects.toBe(reason),
      ],
    ],
    toArtifact: [
      ['an artefact', () => toArtifact(model)],
      ['one of 16 bits', () => toArtifact(model, { weightType: 'float16' })],
      [
        'settings that do not fit',
        () => expect(toArtifact({ ...model, settings: settings() })).rejects.toThrow(RangeError),
      ],
      [
        'a weight that is no number',
        () => withModel(broken(), (trained) => expect(toArtifact(trained)).rejects.toThrow(/must be finite/)),
      ],
    ],
    fromArtifact: [
      ['a model that is disposed of', async () => (await fromArtifact(artifact)).network.dispose()],
      ...damaged.map(
        ([what, made]): Case => [what, () => expect(fromArtifact(made())).rejects.toThrow(ModelFormatError)],
      ),
    ],
    loadModel: [
      ['a model that is disposed of', async () => (await loadModel(artifact)).network.dispose()],
      ['an abort', () => expect(loadModel(artifact, aborted())).rejects.toBe(reason)],
      ['what is no source', () => expect(loadModel({} as never)).rejects.toThrow(TypeError)],
      ['a handler that throws', () => expect(loadModel({ load: noisy })).rejects.toBe(reason)],
    ],
    saveModel: [
      ['a model saved', () => saveModel(model, { save: async () => ({}) as never })],
      ['what is no target', () => expect(saveModel(model, {})).rejects.toThrow(TypeError)],
      ['a handler that throws', () => expect(saveModel(model, { save: noisy })).rejects.toBe(reason)],
    ],
    EmotionClassifier: [
      ['load and dispose', async () => (await EmotionClassifier.load(artifact)).dispose()],
      ['load of a damaged model', () => expect(EmotionClassifier.load(flipped())).rejects.toThrow(ModelFormatError)],
      [
        'fromModel with what does not fit',
        () => expect(() => EmotionClassifier.fromModel({ ...model, settings: settings() })).toThrow(RangeError),
      ],
      ['classify', () => withClassifier((classifier) => classifier.classify(sound(0.7, 22_050), { vad: false }))],
      [
        'classify of what is no sound',
        () =>
          withClassifier(async (classifier) => {
            await expect(classifier.classify(new TextEncoder().encode('hello'))).rejects.toThrow(AudioFormatError);
            await expect(classifier.classify(sound(0.1), { topK: 0 })).rejects.toThrow(RangeError);
          }),
      ],
      [
        'classify, aborted',
        () => withClassifier((classifier) => expect(classifier.classify(sound(0.5), aborted())).rejects.toBe(reason)),
      ],
      ['timeline', () => withClassifier((classifier) => classifier.timeline(sound(2), { vad: false }))],
      [
        'a stream to its end, one that is left, and one that is aborted',
        () =>
          withClassifier(async (classifier) => {
            const pieces = async function* () {
              for (let i = 0; i < 8; i++) yield sound(0.5, 16_000, i).samples;
            };
            const options = { sampleRate: 16_000, whenBehind: 'wait' } as const;
            for await (const _ of classifier.stream(pieces(), options));
            for await (const _ of classifier.stream(pieces(), options)) break;
            const { signal, tell } = abortsAfter(2);
            const run = (async () => {
              for await (const _ of classifier.stream(pieces(), { ...options, signal })) tell();
            })();
            await expect(run).rejects.toBe(reason);
          }),
      ],
      [
        'timeline, aborted midway',
        () =>
          withClassifier((classifier) => {
            const { signal, tell } = abortsAfter(3);
            return expect(classifier.timeline(sound(20), { vad: false, signal, onProgress: tell })).rejects.toBe(
              reason,
            );
          }),
      ],
      [
        'save, and a target that throws',
        () =>
          withClassifier(async (classifier) => {
            await classifier.save({ save: async () => ({}) as never });
            await expect(classifier.save({ save: noisy })).rejects.toBe(reason);
          }),
      ],
      [
        'personalise, once more from the adaptation, and disposed of before and after the model',
        async () => {
          const classifier = await EmotionClassifier.load(artifact);
          const clips = [0, 1].map((i) => ({ sound: sound(0.5, 16_000, i), label: classifier.labels[i] }));
          const personal = await classifier.personalise(clips, { vad: false });
          const again = await personal.personalise(personal.adaptation!);
          personal.dispose();
          classifier.dispose();
          await again.classify(sound(0.5), { vad: false });
          again.dispose();
        },
      ],
      [
        'personalise by what is no sound, by a damaged adaptation, and aborted',
        () =>
          withClassifier(async (classifier) => {
            const bytes = new TextEncoder().encode('hello');
            await expect(classifier.personalise([{ sound: bytes }])).rejects.toThrow(AudioFormatError);
            await expect(classifier.personalise(bytes)).rejects.toThrow(ModelFormatError);
            const { signal, tell } = abortsAfter(2);
            const clips = [0, 1, 2].map((i) => ({ sound: sound(0.5, 16_000, i) }));
            await expect(classifier.personalise(clips, { vad: false, signal, onProgress: tell })).rejects.toBe(reason);
          }),
      ],
      [
        'load with an adaptation of another model',
        () =>
          expect(EmotionClassifier.load(artifact, { adaptation: new Uint8Array(9) })).rejects.toThrow(ModelFormatError),
      ],
      [
        'dispose while it classifies',
        async () => {
          const classifier = await EmotionClassifier.load(artifact);
          const result = classifier.classify(sound(0.5));
          classifier.dispose();
          await result;
          await expect(classifier.classify(sound(0.5))).rejects.toThrow('is disposed');
        },
      ],
    ],
  };

  describe.each(Object.entries(CASES))('of %s', (_name, cases) => {
    it.each(cases)('%s', (_what, work) => leavesNothing(work));
  });

  it('of several of them at once, failing ones among them', () =>
    leavesNothing(() =>
      Promise.allSettled([
        training({}),
        crossValidate(data, folds, { build: smallNetwork, train: config }),
        ...Object.entries(CASES)
          .filter(([name]) => /Artifact|Model$|predict/.test(name))
          .flatMap(([, cases]) => cases.map(async ([, work]) => work())), // what throws at once rejects as well
      ]).then((outcomes) => expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])),
    ));

  it('is asked of every public function that touches tensors (oracle: the asynchronous exports of every entry)', () => {
    const asynchronous = Object.entries(library).flatMap(([name, value]) =>
      Object.prototype.toString.call(value) === '[object AsyncFunction]' ? [name] : [],
    );
    expect(asynchronous.filter((name) => !(name in CASES)).sort()).toEqual(WITHOUT_TENSORS);
  });
});
