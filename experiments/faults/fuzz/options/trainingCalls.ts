// training and evaluation → how they are called

import { crossValidate, evaluate, predict, type TrainReport, toArtifact, train, trainEnsemble } from 'speech-emotion';
import { type LabelledPrediction, speakerBootstrap, unweightedAverageRecall } from 'speech-emotion/evaluation';
import { LABELS, SMALL_TRAINING, smallExamples, smallFolds, smallModel, smallNetwork } from '../../smallWork.ts';
import { type Call, faultOfNumbers } from './call.ts';
import {
  aFunction,
  boolean,
  either,
  integer,
  listOf,
  MAX,
  never,
  number,
  off,
  oneOf,
  options,
  type Rule,
  seed,
  share,
} from './rules.ts';

const data = smallExamples({ clips: 6 });
const predictions: LabelledPrediction[] = data.examples.map(({ name, label, speaker, groups }, i) => ({
  ...{ name, label, speaker, groups },
  probabilities: LABELS.map((_, other) => (other === i % 2 ? 0.8 : 0.1)),
}));
const model = smallModel();

const training = {
  epochs: 1,
  batchSize: 4,
  learningRate: 0.01,
  schedule: { type: 'oneCycle', warmup: 0.3, startDivisor: 25, endDivisor: 100 },
  weightDecay: 0.01,
  clipNorm: 5,
  labelSmoothing: 0.1,
  classWeights: 'balanced',
  ema: 0.9,
  augment: {
    speed: true,
    placement: true,
    melShift: 1,
    gainDb: 3,
    copies: false,
    tempo: { probability: 0.5, minFactor: 0.9, maxFactor: 1.1 },
    crop: { probability: 0.5, minSeconds: 0.1 },
    room: { probability: 0.5, minSeconds: 0.2, maxSeconds: 0.5, minRatioDb: 0, maxRatioDb: 10 },
    babble: { probability: 0.5, minVoices: 1, maxVoices: 2, minSnrDb: 0, maxSnrDb: 10 },
    colouredNoise: { probability: 0.5, minSlopeDb: -6, maxSlopeDb: 0, minSnrDb: 0, maxSnrDb: 10 },
    equalisation: { probability: 0.5, maxDb: 6, terms: 2 },
    telephone: { probability: 0.5, maxLowHz: 400, maxHighHz: 3600 },
    noise: { probability: 0.5, minDb: -60, maxDb: -40, stdDb: 1 },
    timeMasks: { count: 1, maxFrames: 2 },
    frequencyMasks: { count: 1, maxBins: 2 },
    maskFill: 'mean',
    mixup: { alpha: 0.4, probability: 0.5 },
  },
  window: { frames: 12, hopFrames: 6 },
  auxiliary: { speaker: 0.3 },
};
const trainingRules: Record<string, Rule> = {
  epochs: integer(1),
  batchSize: integer(1),
  learningRate: number(0, MAX),
  schedule: oneOf('constant', 'oneCycle', 'cosine'),
  'schedule.type': oneOf('constant', 'oneCycle', 'cosine'),
  'schedule.warmup': number(0.001, 0.999),
  'schedule.startDivisor': number(1, MAX),
  'schedule.endDivisor': number(1, MAX),
  weightDecay: number(0, MAX),
  clipNorm: either(off, number(Number.MIN_VALUE, MAX)),
  labelSmoothing: number(0, 0.9999999),
  classWeights: oneOf('none', 'balanced'),
  ema: either(off, number(0, 0.9999999)),
  augment: either(off, options),
  'augment.speed': boolean,
  'augment.placement': boolean,
  'augment.melShift': either(off, integer(0)),
  'augment.gainDb': either(off, number(0, MAX)),
  'augment.copies': off,
  'augment.tempo': either(off, options),
  'augment.tempo.probability': share,
  'augment.crop': either(off, options),
  'augment.room': either(off, options),
  'augment.babble': either(off, options),
  'augment.babble.minVoices': integer(1, 2),
  'augment.colouredNoise': either(off, options),
  'augment.equalisation': either(off, options),
  'augment.equalisation.terms': integer(1),
  'augment.telephone': either(off, options),
  'augment.noise': either(off, options),
  'augment.noise.probability': share,
  'augment.noise.minDb': number(-MAX, MAX),
  'augment.timeMasks': either(off, options),
  'augment.timeMasks.count': integer(0),
  'augment.timeMasks.maxFrames': integer(0),
  'augment.frequencyMasks.maxBins': integer(0),
  'augment.maskFill': oneOf('mean', 'silence'),
  'augment.mixup': either(off, options),
  'augment.mixup.alpha': number(Number.MIN_VALUE, 1),
  window: never,
  'window.frames': integer(1, 12),
  'window.hopFrames': integer(1),
  auxiliary: options,
  'auxiliary.speaker': number(0, MAX),
};

/** More epochs and steps take longer, and learning rates of 1000 make networks that say so themselves. */
const trained: Pick<Call, 'highest'> = { highest: 8 };

export const TRAINING_CALLS: Readonly<Record<string, Call>> = {
  train: {
    right: training,
    rules: {
      ...trainingRules,
      seed,
      chooseBy: oneOf('uar', 'loss'),
      patience: off,
      validation: never,
      teacher: never,
      checkpoint: never,
      dataset: options,
      onProgress: aFunction,
      signal: never,
    },
    ...trained,
    required: ['window', 'window.frames', 'schedule.type', 'auxiliary.speaker'],
    async call(given) {
      const network = smallNetwork();
      try {
        return (await train(network, data, given)).history;
      } finally {
        network.dispose();
      }
    },
    fault: (result) => faultOfNumbers((result as { loss: number }[]).map(({ loss }) => loss)),
  },
  crossValidate: {
    right: {
      build: (one: number) => smallNetwork(one),
      train: { ...SMALL_TRAINING, epochs: 1 },
      seeds: [1],
      speakers: 'independent',
      bootstrap: { resamples: 5, level: 0.9, seed: 1 },
    },
    rules: {
      build: never,
      train: options,
      'train.epochs': integer(1),
      seeds: listOf(seed),
      speakers: oneOf('independent', 'dependent', 'shared', 'any'),
      store: never,
      extra: never,
      teachers: never,
      bootstrap: options,
      'bootstrap.resamples': integer(1),
      'bootstrap.level': number(0, 1),
      executor: never,
      onProgress: aFunction,
      signal: never,
    },
    required: ['build', 'train'],
    ...trained,
    call: (given) => crossValidate(data, smallFolds(data), given as never),
  },
  trainEnsemble: {
    right: { build: (one: number) => smallNetwork(one), train: { ...SMALL_TRAINING, epochs: 1 }, seeds: [1, 2] },
    rules: {
      build: never,
      train: options,
      'train.epochs': integer(1),
      seeds: listOf(seed),
      store: never,
      executor: never,
      onProgress: aFunction,
      signal: never,
    },
    required: ['build', 'seeds', 'train'],
    ...trained,
    call: (given) => trainEnsemble(data, given as never),
    fault(result) {
      for (const { model: member } of result as TrainReport[]) member.network.dispose();
      return undefined;
    },
  },
  evaluate: {
    right: { batchSize: 2, bootstrap: { resamples: 5, level: 0.9, seed: 1 } },
    rules: {
      batchSize: integer(1),
      bootstrap: options,
      'bootstrap.resamples': integer(1),
      'bootstrap.level': number(0, 1),
      'bootstrap.seed': seed,
      signal: never,
    },
    call: (given) => evaluate(model, data, given),
  },
  speakerBootstrap: {
    right: { resamples: 5, level: 0.9, seed: 1 },
    rules: { resamples: integer(1), level: number(0, 1), seed },
    call: (given) => speakerBootstrap(predictions, LABELS.length, unweightedAverageRecall, given),
  },
  predict: {
    right: { batchSize: 2 },
    rules: { batchSize: integer(1), onPrediction: aFunction, signal: never },
    call: (given) => predict(model, [data.examples[0]!.variants[0]!], given),
    fault: (result) => faultOfNumbers((result as { probabilities: Float32Array }[])[0]?.probabilities),
  },
  toArtifact: {
    right: { weightType: 'float16' },
    rules: { weightType: oneOf('float16', 'float32') },
    call: (given) => toArtifact(model, given),
  },
};
