import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../../src/audio/resample.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { EmotionResult } from '../../src/classifier/emotionResult.ts';
import { Smoothing } from '../../src/classifier/smoothing.ts';
import type { StreamOptions, StreamSegment } from '../../src/classifier/stream.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';
import { sound } from './sound.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Runs `work` with a classifier of the tiny model; nothing may be left of either. */
async function withClassifier(work: (classifier: EmotionClassifier) => Promise<void>): Promise<void> {
  await expectNoLeak(async () => {
    const classifier = EmotionClassifier.fromModel(tinyModel());
    try {
      await work(classifier);
    } finally {
      classifier.dispose();
    }
  });
}

/** Samples in pieces, and whether whoever read them has ended them. */
class Source implements AsyncIterable<Float32Array> {
  ended = false;
  read = 0;

  constructor(
    readonly samples: Float32Array,
    readonly pieceLengths: readonly number[],
    readonly pause?: () => Promise<unknown>,
  ) {}

  async *[Symbol.asyncIterator]() {
    try {
      for (let at = 0, i = 0; at < this.samples.length; i++) {
        const length = this.pieceLengths[i % this.pieceLengths.length]!;
        await this.pause?.();
        this.read = Math.min(this.samples.length, at + length);
        yield this.samples.slice(at, at + length);
        at += length;
      }
    } finally {
      this.ended = true;
    }
  }
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

async function collect(stream: AsyncIterable<StreamSegment>): Promise<StreamSegment[]> {
  const segments: StreamSegment[] = [];
  for await (const segment of stream) segments.push(segment);
  return segments;
}

const byLabel = ({ scores }: EmotionResult) => Object.fromEntries(scores.map(({ label, score }) => [label, score]));

function expectSame(found: StreamSegment, wanted: EmotionResult): void {
  if (!found.speech) throw new Error('there is speech');
  const [a, b] = [byLabel(found), byLabel(wanted)];
  expect(Object.keys(a)).toHaveLength(4);
  for (const [label, score] of Object.entries(b)) expect(Math.abs(a[label]! - score)).toBeLessThan(1e-5);
}

const RATE = 16_000;
const whole: Omit<StreamOptions, 'sampleRate'> = {
  gate: false,
  whenBehind: 'wait',
  windowSeconds: 0.6,
  hopSeconds: 0.2,
};

describe('stream', () => {
  it('says of each window what classify says of the same samples, whatever pieces they come in (property)', () =>
    withClassifier(async (classifier) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(16_000, 48_000, 44_100, 8000),
          fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 6 }),
          fc.double({ min: 0.05, max: 2.4, noNaN: true }),
          async (sampleRate, pieces, seconds) => {
            const waveform = sound(seconds, sampleRate);
            const { samples } = await resample(waveform, RATE);
            const segments = await collect(
              classifier.stream(new Source(waveform.samples, pieces), { sampleRate, ...whole }),
            );
            for (const segment of segments) {
              const part = samples.slice(Math.round(segment.start * RATE), Math.round(segment.end * RATE));
              const alone = await classifier.classify({ samples: part, sampleRate: RATE }, { trim: false });
              expectSame(segment, alone);
              expect(segment.dropped).toBe(0);
            }
            // Windows every 0.2 s, and the last one ends with the sound.
            const ends = segments.map(({ end }) => end);
            const length = samples.length / RATE;
            expect(ends.at(-1)).toBeCloseTo(length, 6);
            expect(ends).toHaveLength(
              length <= 0.6 ? 1 : 1 + Math.ceil(Math.round((length - 0.6) * RATE) / (0.2 * RATE)),
            );
            for (const [i, end] of ends.slice(0, -1).entries()) expect(end).toBeCloseTo(0.6 + 0.2 * i, 6);
          },
        ),
        { numRuns: 20 },
      );
    }));

  it('leaves the silence at the ends of a window out, and does not classify silence', () =>
    withClassifier(async (classifier) => {
      const samples = new Float32Array(4 * RATE);
      samples.set(sound(1, RATE).samples, 1.5 * RATE); // speech from 1.5 to 2.5 s
      const gate = { keepSeconds: 0.1 };
      const options = { sampleRate: RATE, gate, windowSeconds: 1, hopSeconds: 0.5, whenBehind: 'wait' } as const;
      const segments = await collect(classifier.stream(new Source(samples, [1000]), options));
      const spoken = segments.map(({ start, speech }) => [start, speech]);
      expect(spoken).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3].map((start) => [start, start >= 1 && start <= 2.5]));
      // Of the window from 1 to 2 s, what begins 0.1 s before the speech.
      const part = samples.slice(1.4 * RATE, 2 * RATE);
      expectSame(segments[2]!, await classifier.classify({ samples: part, sampleRate: RATE }, { trim: false }));
      expect(segments[0]).toEqual({ start: 0, end: 1, dropped: 0, speech: false });
    }));

  it('leaves out what is not taken in time, and says how much', () =>
    withClassifier(async (classifier) => {
      const { samples } = sound(30, RATE);
      const options = { sampleRate: RATE, ...whole, whenBehind: 'drop', backlogSeconds: 1 } as const;
      const segments: StreamSegment[] = [];
      const source = new Source(samples, [800], tick);
      for await (const segment of classifier.stream(source, options)) {
        segments.push(segment);
        if (segments.length % 3 === 0) for (let i = 0; i < 60; i++) await tick(); // 3 s of sound come meanwhile
      }
      const dropped = segments.reduce((sum, segment) => sum + segment.dropped, 0);
      expect(dropped).toBeGreaterThan(20);
      expect(segments.length + dropped).toBe(1 + Math.ceil((30 - 0.6) / 0.2));
      for (const [i, segment] of segments.entries()) {
        const before = segments[i - 1]?.start ?? -0.2;
        expect(segment.start).toBeCloseTo(before + 0.2 * (1 + segment.dropped), 6);
      }
    }));

  it('goes on for ten minutes: nothing is lost where segments are taken in time, and memory does not grow', () =>
    withClassifier(async (classifier) => {
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const held = () => {
        collectGarbage();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        return (heapUsed + arrayBuffers) / 1e6;
      };
      const minute = sound(60, RATE).samples;
      const minutes = async function* () {
        for (let at = 0; at < 10 * minute.length; at += 1600) {
          for (let i = 0; i < 4; i++) await tick(); // others have their turn, as they do while sound is recorded
          yield minute.slice(at % minute.length, (at % minute.length) + 1600);
        }
      };
      let [segments, dropped, early, most] = [0, 0, 0, 0];
      const tensors = tf.memory().numTensors;
      for await (const segment of classifier.stream(minutes(), { sampleRate: RATE, smoothing: {} })) {
        segments++;
        dropped += segment.dropped;
        if (segments === 240) early = held(); // after two minutes
        most = Math.max(most, tf.memory().numTensors);
      }
      expect(most).toBe(tensors);
      expect(dropped).toBe(0);
      expect(segments).toBe(1 + (600 - 2) / 0.5);
      expect(held() - early).toBeLessThan(3); // MB; of the eight minutes between, the sound has 30 and the features 6
    }));

  it('reads no further than it is told to where the source can wait, and loses nothing', () =>
    withClassifier(async (classifier) => {
      const source = new Source(sound(20, RATE).samples, [1600]);
      const options = { sampleRate: RATE, ...whole, backlogSeconds: 1 };
      let taken = 0;
      for await (const segment of classifier.stream(source, options)) {
        expect(segment.dropped).toBe(0);
        expect(source.read / RATE - segment.end).toBeLessThan(1 + 0.2 + 0.2);
        if (++taken % 10 === 0) for (let i = 0; i < 20; i++) await tick();
      }
      expect(taken).toBe(1 + Math.ceil((20 - 0.6) / 0.2));
    }));

  it('smooths: an exponential average over the time of the sound (oracle: by hand)', () =>
    withClassifier(async (classifier) => {
      const source = () => new Source(sound(3, RATE).samples, [999]);
      const raw = await collect(classifier.stream(source(), { sampleRate: RATE, ...whole }));
      const smooth = await collect(
        classifier.stream(source(), { sampleRate: RATE, ...whole, smoothing: { seconds: 0.5, margin: 0 } }),
      );
      let average: Record<string, number> | undefined;
      for (const [i, segment] of raw.entries()) {
        const now = byLabel(segment as never);
        const kept = i === 0 ? 0 : Math.exp(-(segment.end - raw[i - 1]!.end) / 0.5);
        const before: Record<string, number> = average ?? now;
        average = Object.fromEntries(
          Object.keys(now).map((label) => [label, kept * before[label]! + (1 - kept) * now[label]!]),
        );
        for (const [label, score] of Object.entries(byLabel(smooth[i] as never)))
          expect(score).toBeCloseTo(average[label]!, 5);
      }
    }));

  it('ends its source when the loop ends, on an abort and on an error, and leaves nothing', () =>
    withClassifier(async (classifier) => {
      const options = { sampleRate: RATE, ...whole };
      await expectNoLeak(async () => {
        const left = new Source(sound(5, RATE).samples, [1600], tick);
        for await (const _ of classifier.stream(left, options)) break;
        await tick();
        expect(left.ended).toBe(true);

        const controller = new AbortController();
        const reason = new Error('enough');
        const stopped = new Source(sound(5, RATE).samples, [1600], tick);
        const run = (async () => {
          for await (const { end } of classifier.stream(stopped, { ...options, signal: controller.signal })) {
            if (end > 1) controller.abort(reason);
          }
        })();
        await expect(run).rejects.toBe(reason);
        await tick();
        expect(stopped.ended).toBe(true);

        const broken = sound(3, RATE).samples;
        broken[2 * RATE] = Number.NaN;
        await expect(collect(classifier.stream(new Source(broken, [1600]), options))).rejects.toThrow(AudioFormatError);
        const failing = (async function* () {
          yield new Float32Array(RATE);
          throw reason;
        })();
        await expect(collect(classifier.stream(failing, options))).rejects.toBe(reason);
      });
    }));

  it('does not wait for a source that says nothing', () =>
    withClassifier(async (classifier) => {
      const controller = new AbortController();
      let ended = false;
      const silent: AsyncIterable<Float32Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            ended = true;
            return { done: true, value: undefined };
          },
        }),
      };
      const run = collect(classifier.stream(silent, { sampleRate: RATE, ...whole, signal: controller.signal }));
      await tick();
      controller.abort(new Error('enough'));
      await expect(run).rejects.toThrow('enough');
      expect(ended).toBe(true);
    }));

  it('gives nothing for nothing, and something for a single sample', () =>
    withClassifier(async (classifier) => {
      const options = { sampleRate: RATE, ...whole };
      expect(await collect(classifier.stream(new Source(new Float32Array(0), [1]), options))).toEqual([]);
      expect(await collect(classifier.stream(new Source(new Float32Array(1), [1]), options))).toHaveLength(1);
    }));

  it('says what is wrong', () =>
    withClassifier(async (classifier) => {
      const source = () => new Source(new Float32Array(10), [10]);
      const first = (options: object, from: unknown = source()) =>
        classifier.stream(from as never, { sampleRate: RATE, ...options }).next();
      await expect(first({ windowSeconds: 0 })).rejects.toThrow('windowSeconds must be');
      await expect(first({ hopSeconds: 3 })).rejects.toThrow('hopSeconds must be');
      await expect(first({ backlogSeconds: -1 })).rejects.toThrow('backlogSeconds must be');
      await expect(first({ whenBehind: 'stop' })).rejects.toThrow(/whenBehind must be .*drop.*wait/);
      await expect(first({ gate: { minDb: 3 } })).rejects.toThrow('minDb must be');
      await expect(first({ smoothing: { seconds: -1 } })).rejects.toThrow('seconds must be');
      await expect(first({ sampleRate: 0.5 })).rejects.toThrow(RangeError);
      await expect(first({ hop: 1 })).rejects.toThrow(TypeError);
      await expect(first({}, 7)).rejects.toThrow('source must be an async iterable');
      const strings = (async function* () {
        yield 'sound';
      })();
      await expect(first({}, strings)).rejects.toThrow('must give Float32Array, got string');
    }));

  it('ends when the classifier is disposed', async () => {
    await expectNoLeak(async () => {
      const classifier = EmotionClassifier.fromModel(tinyModel());
      const source = new Source(sound(5, RATE).samples, [1600], tick);
      const run = (async () => {
        for await (const _ of classifier.stream(source, { sampleRate: RATE, ...whole })) classifier.dispose();
      })();
      await expect(run).rejects.toThrow('Cannot stream: the classifier is disposed');
      await tick();
      expect(source.ended).toBe(true);
      await expect(classifier.stream(source, { sampleRate: RATE }).next()).rejects.toThrow('is disposed');
    });
  });
});

describe('Smoothing', () => {
  it('keeps the label until another leads by the margin', () => {
    const smoothing = new Smoothing({ seconds: 0, margin: 0.2 });
    const at = (a: number, time: number) => smoothing.add(Float32Array.of(a, 1 - a), time).label;
    expect([0.6, 0.45, 0.41, 0.39, 0.5, 0.59, 0.61].map(at)).toEqual([0, 0, 0, 1, 1, 1, 0]);
  });

  it('forgets what was long ago', () => {
    const smoothing = new Smoothing({ seconds: 1, margin: 0 });
    smoothing.add(Float32Array.of(1, 0), 0);
    expect(smoothing.add(Float32Array.of(0, 1), 60).probabilities[1]).toBeCloseTo(1, 6);
  });
});
