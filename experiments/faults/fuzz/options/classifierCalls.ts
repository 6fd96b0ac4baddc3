// a classifier, and what follows it → how they are called

import { EmotionClassifier, EmotionMonitor, type EmotionResult } from 'speech-emotion';
import { LABELS, smallModel, smallSound } from '../../smallWork.ts';
import { type Call, faultOfNumbers } from './call.ts';
import { aFunction, boolean, either, integer, MAX, never, number, off, oneOf, options, share } from './rules.ts';

const sound = smallSound(0.4);
const classifier = EmotionClassifier.fromModel(smallModel());

export const CLASSIFIER_CALLS: Readonly<Record<string, Call>> = {
  'EmotionClassifier.classify': {
    right: { topK: 2, trim: false, vad: false },
    rules: { topK: integer(1), trim: boolean, vad: either(off, options), signal: never },
    call: (given) => classifier.classify(sound, given),
    fault: (result) => faultOfNumbers(((result as EmotionResult).scores ?? []).map(({ score }) => score)),
  },
  'EmotionClassifier.timeline': {
    required: ['hopSeconds'], // by default more than this window
    right: { hopSeconds: 0.2, windowSeconds: 0.3, topK: 2, vad: { leastSeconds: 0.1 } },
    rules: {
      hopSeconds: number(Number.MIN_VALUE, MAX),
      windowSeconds: number(Number.MIN_VALUE, MAX),
      topK: integer(1),
      vad: either(off, options),
      onProgress: aFunction,
      signal: never,
    },
    call: (given) => classifier.timeline(sound, given),
    fault: (result) =>
      faultOfNumbers(
        (result as { start: number; confidence?: number }[]).flatMap(({ start, confidence = 0 }) => [
          start,
          confidence,
        ]),
      ),
  },
  'EmotionClassifier.explain': {
    right: { steps: 2, label: 'sad', trim: false },
    rules: { steps: integer(1), label: oneOf(...LABELS), trim: boolean, signal: never },
    highest: 8,
    call: (given) => classifier.explain(sound, given),
    fault: (result) => faultOfNumbers((result as { contributions: { values: Float32Array } }).contributions.values),
  },
  'EmotionClassifier.stream': {
    right: {
      sampleRate: 16_000,
      hopSeconds: 0.2,
      windowSeconds: 0.3,
      whenBehind: 'wait',
      backlogSeconds: 1,
      topK: 2,
      vad: { detector: 'level', minDb: -60, aboveBackgroundDb: 9, memorySeconds: 5, keepSeconds: 0.2 },
      smoothing: { seconds: 1, margin: 0.1 },
    },
    rules: {
      sampleRate: integer(1),
      hopSeconds: number(Number.MIN_VALUE, MAX),
      windowSeconds: number(Number.MIN_VALUE, MAX),
      whenBehind: oneOf('drop', 'wait'),
      backlogSeconds: number(0, MAX),
      topK: integer(1),
      vad: either(off, options),
      'vad.minDb': number(-MAX, 0),
      'vad.aboveBackgroundDb': number(0, MAX),
      'vad.memorySeconds': number(Number.MIN_VALUE, MAX),
      'vad.keepSeconds': number(0, MAX),
      smoothing: either(off, options),
      'smoothing.seconds': number(0, MAX),
      'smoothing.margin': share,
      signal: never,
    },
    required: ['sampleRate', 'hopSeconds'],
    highest: 48_000,
    async call(given) {
      const segments = [];
      for await (const segment of classifier.stream(pieces(), given as never)) segments.push(segment);
      return segments;
    },
    fault: (result) =>
      faultOfNumbers((result as { start: number; end: number }[]).flatMap(({ start, end }) => [start, end])),
  },
  EmotionMonitor: {
    right: { minConfidence: 0.5, gapSeconds: 1, rules: [{ emotion: 'sad', for: 1, onRule() {} }], onChange() {} },
    rules: {
      minConfidence: share,
      gapSeconds: number(0, MAX),
      rules: (value) => Array.isArray(value) && value.length === 0,
      onChange: aFunction,
    },
    call: (given) => new EmotionMonitor(given),
  },
};

async function* pieces(): AsyncGenerator<Float32Array> {
  for (let at = 0; at < sound.samples.length; at += 1600) yield sound.samples.subarray(at, at + 1600);
}
