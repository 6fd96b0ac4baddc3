// functions of sound, features, corpora → how they are called

import {
  FeatureExtractor,
  type FeatureMatrix,
  LabelledDataset,
  LogMel,
  Mfcc,
  prepareExamples,
  RavdessDataset,
  Stft,
  toWaveform,
} from 'speech-emotion';
import { toSources } from 'speech-emotion/corpora';
import { decodeAudio, deltas, LogStft, melFilterBank, Normalizer, trimSilence } from 'speech-emotion/features';
import { featureWorkers, pcm, trainingWorkers } from 'speech-emotion/node';
import { BINS, extractor, smallExamples, smallSound } from '../../smallWork.ts';
import { faultOfExamples } from '../formats/examples.ts';
import { type Call, faultOfNumbers } from './call.ts';
import { aFunction, boolean, either, integer, listOf, MAX, never, number, off, oneOf, options, text } from './rules.ts';

const short = smallSound(0.1, 16_000);
const matrix = smallExamples({ clips: 1 }).examples[0]!.variants[0]!;
const silent = Uint8Array.from(
  atob('UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQgAAAAAAAEAAgADAA=='),
  (letter) => letter.charCodeAt(0),
);

const frame = {
  sampleRate: 16_000,
  frameLength: 400,
  hopLength: 200,
  fftLength: 512,
  window: 'hann',
  padding: 'reflect',
  scaling: 'fullScale',
};
const frameRules = {
  sampleRate: integer(1),
  frameLength: integer(1),
  hopLength: integer(1),
  fftLength: integer(4),
  window: oneOf('hann', 'hamming', 'blackman', 'rectangular'),
  padding: oneOf('reflect', 'constant', 'none'),
  scaling: oneOf('fullScale', 'none'),
};
const mel = { melBands: 8, minHz: 50, maxHz: 4000, melScale: 'htk', melNorm: 'none' };
const melRules = {
  melBands: integer(1),
  minHz: number(0, MAX),
  maxHz: number(0, MAX),
  melScale: oneOf('slaney', 'htk'),
  melNorm: oneOf('none', 'slaney'),
};
const level = { minDb: -80 };
const levelRules = { minDb: number(-MAX, MAX) };
const trim = { thresholdDb: 40, keepSeconds: 0.1, exact: true };
const trimRules = { thresholdDb: number(0, MAX), keepSeconds: number(0, MAX), exact: boolean };

/** Transforms a short sound. */
function transform(
  Kind: new (given: never) => { compute(samples: Float32Array): FeatureMatrix },
): Pick<Call, 'call' | 'fault' | 'highest' | 'required'> {
  return {
    highest: 4096,
    required: ['frameLength', 'fftLength'], // each bounds the other
    call: (given) => new Kind(given as never).compute(short.samples),
    fault: (result) => faultOfNumbers((result as FeatureMatrix).values),
  };
}

const sources = ['anna/happy/1.wav', 'ben/sad/2.wav'].map((name) => ({ name, bytes: async () => silent }));
const ravdess = ['03-01-01-01-01-01-01.wav', '03-01-05-02-01-01-02.wav'].map((name) => ({
  name,
  bytes: async () => silent,
}));
const labelled = await LabelledDataset.from(sources, { speaker: (name) => name.split('/')[0]! });
const actors = await RavdessDataset.from(ravdess);
const zipRules = { nameEncoding: text, maxUnpackedBytes: number(0, Number.POSITIVE_INFINITY) };

export const SOUND_CALLS: Readonly<Record<string, Call>> = {
  Stft: {
    right: { ...frame, output: 'power' },
    rules: { ...frameRules, output: oneOf('magnitude', 'power', 'complex') },
    ...transform(Stft),
  },
  LogStft: { right: { ...frame, ...level }, rules: { ...frameRules, ...levelRules }, ...transform(LogStft) },
  LogMel: {
    right: { ...frame, ...mel, ...level },
    rules: { ...frameRules, ...melRules, ...levelRules },
    ...transform(LogMel),
  },
  Mfcc: {
    right: { ...frame, ...mel, ...level, coefficients: 5 },
    rules: { ...frameRules, ...melRules, ...levelRules, coefficients: integer(1) },
    ...transform(Mfcc),
  },
  FeatureExtractor: {
    right: { sampleRate: 16_000, trim, features: { type: 'logMel', melBands: 8 } },
    required: ['features.type'],
    rules: {
      sampleRate: integer(1),
      trim: either(off, options),
      'trim.thresholdDb': number(0, MAX),
      'trim.keepSeconds': number(0, MAX),
      'trim.exact': boolean,
      features: never,
      'features.type': oneOf('logMel', 'mfcc', 'stft'),
      'features.melBands': integer(1),
    },
    highest: 48_000,
    call: (given) => new FeatureExtractor(given).extract(short),
    fault: (result) => faultOfNumbers((result as FeatureMatrix).values),
  },
  'FeatureExtractor.extract': {
    right: { trim: false },
    rules: { trim: boolean, signal: never },
    call: (given) => extractor.extract(short, given),
    fault: (result) => faultOfNumbers((result as FeatureMatrix).values),
  },
  melFilterBank: {
    required: ['sampleRate', 'fftLength'],
    right: { ...mel, sampleRate: 16_000, fftLength: 512 },
    rules: { ...melRules, sampleRate: number(1, MAX), fftLength: integer(4) },
    highest: 4096,
    call: (given) => melFilterBank(given as never),
  },
  deltas: {
    right: { windowLength: 5 },
    rules: { windowLength: integer(3) },
    call: (given) => deltas(matrix, given),
    fault: (result) => faultOfNumbers((result as FeatureMatrix).values),
  },
  'Normalizer.fit': {
    right: { minStd: 0.1 },
    rules: { minStd: number(Number.MIN_VALUE, MAX) },
    call: (given) => Normalizer.fit([matrix], given).toJSON(),
    fault: (result) => faultOfNumbers((result as { mean: number[] }).mean),
  },
  trimSilence: {
    right: trim,
    rules: trimRules,
    call: (given) => trimSilence(short, given),
    fault: (result) => faultOfNumbers((result as typeof short).samples),
  },
  toWaveform: {
    right: { sampleRate: 16_000 },
    rules: { sampleRate: number(0, MAX), signal: never },
    highest: 200_000,
    call: (given) => toWaveform(short, given as never),
    fault: (result) => faultOfNumbers((result as typeof short).samples),
  },
  decodeAudio: {
    right: { maxSeconds: 10 },
    rules: { maxSeconds: number(0, Number.POSITIVE_INFINITY), signal: never },
    call: (given) => decodeAudio(silent, given),
    fault: (result) => faultOfNumbers((result as typeof short).samples),
  },
  prepareExamples: {
    right: {
      features: { sampleRate: 16_000, features: { type: 'logMel', melBands: BINS } },
      labels: ['happy', 'sad'],
      speeds: [1.1],
    },
    rules: {
      features: options,
      'features.sampleRate': integer(1),
      labels: never,
      speeds: listOf(number(0.5, 2)),
      onInvalid: aFunction,
      executor: aFunction,
      onProgress: aFunction,
      signal: never,
    },
    highest: 48_000,
    call: (given) => prepareExamples(labelled, given),
    fault: (result) => faultOfExamples(result as never),
  },
  toSources: {
    right: { maxUnpackedBytes: 1000 },
    rules: { ...zipRules, signal: never },
    call: (given) => toSources(sources, given as never),
  },
  'LabelledDataset.from': {
    right: { labels: ['happy', 'sad'], onInvalid: 'skip', speaker: () => 'x', maxUnpackedBytes: 1000 },
    rules: {
      labels: never,
      onInvalid: oneOf('skip', 'throw'),
      speaker: aFunction,
      label: aFunction,
      groups: aFunction,
      ...zipRules,
    },
    call: (given) => LabelledDataset.from(sources, given),
  },
  'RavdessDataset.from': {
    right: { onInvalid: 'skip', maxUnpackedBytes: 1000 },
    rules: { onInvalid: oneOf('skip', 'throw'), ...zipRules },
    call: (given) => RavdessDataset.from(ravdess, given),
  },
  'LabelledDataset.folds': {
    right: { folds: 2, by: 'speaker', seed: 1 },
    rules: { folds: integer(2, 2), by: oneOf('speaker', 'recording', 'clip'), seed: integer(Number.MIN_SAFE_INTEGER) },
    required: ['folds', 'by'],
    call: (given) => labelled.folds(given as never),
  },
  'LabelledDataset.splitBySpeaker': {
    right: { speakers: 1, seed: 1 },
    rules: { speakers: integer(1, 1), seed: integer(Number.MIN_SAFE_INTEGER), balance: text },
    required: ['speakers'],
    call: (given) => labelled.splitBySpeaker(given as never),
  },
  'RavdessDataset.filter': {
    takesFunction: true,
    right: { channel: 'speech', sex: 'male', intensity: 'normal', emotions: ['neutral'], actors: [1], statements: [1] },
    rules: {
      channel: oneOf('speech', 'song'),
      sex: oneOf('male', 'female'),
      intensity: oneOf('normal', 'strong'),
      emotions: listOf(text),
      actors: listOf(integer(1, 24)),
      statements: listOf(integer(1, 2)),
    },
    call: (given) => actors.filter(given as never),
  },
  pcm: {
    right: { format: 's16', channels: 1 },
    rules: { format: oneOf('s16', 's32', 'f32'), channels: integer(1) },
    call: (given) => pcm(nothing(), given),
  },
  featureWorkers: { right: { workers: 1 }, rules: { workers: integer(1) }, call: (given) => featureWorkers(given) },
  trainingWorkers: {
    right: { workers: 1 },
    rules: { workers: integer(1) },
    call: (given) => trainingWorkers('x.js', given),
  },
};

async function* nothing(): AsyncGenerator<Uint8Array> {}
