import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../../src/audio/resample.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { EmotionEstimate, EmotionResult } from '../../src/classifier/emotionResult.ts';
import { Smoothing } from '../../src/classifier/smoothing.ts';
import type { StreamSegment } from '../../src/classifier/stream.ts';
import type { StreamOptions } from '../../src/classifier/streamOptions.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';
import { spoken } from '../support/spoken.ts';
import { encodeWav } from '../support/wav.ts';
import { sound } from './sound.ts';
import { withClassifier } from './withClassifier.ts';

beforeAll(() => tf.setBackend('cpu'));

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

/** Some pieces of a tenth of a second, and then nothing: neither more nor an end. */
class Quiet implements AsyncIterable<Float32Array> {
  ended = false;

  constructor(readonly pieces: number) {}

  [Symbol.asyncIterator](): AsyncIterator<Float32Array> {
    let given = 0;
    return {
      next: () =>
        given++ < this.pieces
          ? Promise.resolve({ done: false, value: new Float32Array(0.1 * RATE).fill(0.1) })
          : new Promise(() => {}),
      return: async () => {
        this.ended = true;
        return { done: true, value: undefined };
      },
    };
  }
}

const microtasks = async (count: number) => {
  for (let i = 0; i < count; i++) await undefined;
};
const ticks = async (count: number) => {
  for (let i = 0; i < count; i++) await tick();
};
const tick = () => new Promise((resolve) => setImmediate(resolve));

async function collect(stream: AsyncIterable<StreamSegment>): Promise<StreamSegment[]> {
  const segments: StreamSegment[] = [];
  for await (const segment of stream) segments.push(segment);
  return segments;
}

const byLabel = ({ scores }: EmotionEstimate) => Object.fromEntries(scores.map(({ label, score }) => [label, score]));

function expectSame(found: StreamSegment, wanted: EmotionResult): void {
  if (!found.speech) throw new Error('there is speech');
  const [a, b] = [byLabel(found), byLabel(spoken(wanted))];
  expect(Object.keys(a)).toHaveLength(4);
  for (const [label, score] of Object.entries(b)) expect(Math.abs(a[label]! - score)).toBeLessThan(1e-5);
}

const RATE = 16_000;
const whole: Omit<StreamOptions, 'sampleRate'> = {
  vad: false,
  whenBehind: 'wait',
  windowSeconds: 0.6,
  hopSeconds: 0.2,
};

describe('stream', () => {
  it('gives for each window what classify gives for the same samples, whatever pieces they come in (property)', () =>
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
      const vad = { detector: 'level', keepSeconds: 0.1 } as const;
      const options = { sampleRate: RATE, vad, windowSeconds: 1, hopSeconds: 0.5, whenBehind: 'wait' } as const;
      const segments = await collect(classifier.stream(new Source(samples, [1000]), options));
      const spoken = segments.map(({ start, speech }) => [start, speech]);
      expect(spoken).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3].map((start) => [start, start >= 1 && start <= 2.5]));
      // Of the window from 1 to 2 s, what begins 0.1 s before the speech.
      const part = samples.slice(1.4 * RATE, 2 * RATE);
      expectSame(segments[2]!, await classifier.classify({ samples: part, sampleRate: RATE }, { trim: false }));
      expect(segments[0]).toEqual({ start: 0, end: 1, dropped: 0, speech: false });
    }));

  it('drops what is not taken in time, and counts it', () =>
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

  it('runs for ten minutes: nothing is lost where segments are taken in time, and memory does not grow', () =>
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

  it('reads no further than the backlog where the source can wait, and loses nothing', () =>
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

  // Oracle: a quiet source never gives a second piece, so nothing but the abort can settle what waits.
  it.each([0, 1])(
    'does not wait for a source that says nothing more after %i pieces, whenever it is aborted',
    (pieces) =>
      withClassifier(async (classifier) => {
        const moments = [
          undefined, // at once: before anything that waits has come back
          ...Array.from({ length: 40 }, (_, count) => () => microtasks(count)),
          ...Array.from({ length: 6 }, (_, count) => () => ticks(count)),
        ];
        for (const moment of moments) {
          const controller = new AbortController();
          const quiet = new Quiet(pieces);
          const run = collect(
            classifier.stream(quiet, { sampleRate: RATE, ...whole, signal: controller.signal, windowSeconds: 1 }),
          );
          run.catch(() => {});
          if (moment) await moment();
          controller.abort(new Error('enough'));
          await expect(run).rejects.toThrow('enough');
          expect(quiet.ended).toBe(true);
          expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
        }
      }),
  );

  it('ends the source that it was given where it is aborted before', () =>
    withClassifier(async (classifier) => {
      const quiet = new Quiet(0);
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(classifier.stream(quiet, { sampleRate: RATE, signal }).next()).rejects.toThrow('enough');
      expect(quiet.ended).toBe(true);
    }));

  it('is left at once, also while nothing comes or where it was never begun', () =>
    withClassifier(async (classifier) => {
      for (const begun of [true, false]) {
        const quiet = new Quiet(0);
        const stream = classifier.stream(quiet, { sampleRate: RATE });
        const pending = begun ? stream.next() : undefined;
        if (begun) await ticks(3);
        expect(await stream.return()).toEqual({ done: true, value: undefined });
        if (pending) expect(await pending).toEqual({ done: true, value: undefined });
        expect(quiet.ended).toBe(true);
      }
    }));

  it('stands whatever a source does', () =>
    withClassifier(async (classifier) => {
      const options = { sampleRate: RATE, ...whole, windowSeconds: 0.1, hopSeconds: 0.1 };
      const give = { done: false, value: sound(0.5, RATE).samples };
      const source = (iterator: object) => ({ [Symbol.asyncIterator]: () => iterator }) as AsyncIterable<Float32Array>;
      const thrown = () => {
        throw new Error('broken');
      };
      await expect(collect(classifier.stream(source({ next: thrown }), options))).rejects.toThrow('broken');
      await expect(collect(classifier.stream(source({ next: () => 7 }), options))).rejects.toThrow('got undefined');
      await expect(collect(classifier.stream(source({ next: () => undefined }), options))).rejects.toThrow(TypeError);
      await expect(collect(classifier.stream(source({}), options))).rejects.toThrow(TypeError);
      const faulty = [thrown, () => Promise.reject(new Error('broken')), () => new Promise(() => {}), () => 7];
      for (const end of faulty) {
        for await (const _ of classifier.stream(source({ next: async () => give, return: end }), options)) break;
      }
      await ticks(3); // a rejection that nobody handles would fail the test
    }));

  it('lets others have their turn, whether the source gives nothing for ever or all at once', () =>
    withClassifier(async (classifier) => {
      const controller = new AbortController();
      const empty = (async function* () {
        for (;;) yield new Float32Array(0);
      })();
      const run = collect(classifier.stream(empty, { sampleRate: RATE, signal: controller.signal }));
      setTimeout(() => controller.abort(new Error('enough'))); // without a turn it would never come
      await expect(run).rejects.toThrow('enough');

      let turns = 0;
      let over = false;
      const count = () => {
        turns++;
        if (!over) setImmediate(count);
      };
      setImmediate(count);
      const silence = new Source(new Float32Array(60 * RATE), [60 * RATE]);
      const segments = await collect(classifier.stream(silence, { sampleRate: RATE, whenBehind: 'wait' }));
      over = true;
      expect(segments).toHaveLength(1 + (60 - 2) / 0.5);
      expect(turns).toBeGreaterThan(50); // one a second of sound
    }));

  it('keeps nothing of the segments that it has given (oracle: the heap, which a chain of 70 bytes each would fill)', () =>
    withClassifier(async (classifier) => {
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const held = () => {
        collectGarbage();
        return process.memoryUsage().heapUsed;
      };
      const piece = new Float32Array(0.1 * RATE);
      const silence = async function* () {
        for (let i = 0; i < 20_000; i++) {
          if (i % 2 === 0) await Promise.resolve();
          yield piece;
        }
      };
      const options = { sampleRate: RATE, windowSeconds: 0.1, hopSeconds: 0.1, whenBehind: 'wait', backlogSeconds: 0 };
      let [segments, early] = [0, 0];
      for await (const _ of classifier.stream(silence(), options as StreamOptions)) {
        if (++segments === 2000) early = held();
      }
      expect(segments).toBe(20_000);
      expect(held() - early).toBeLessThan(0.5e6); // the chain had 1.3 MB
    }));

  it('takes arrays of another realm', () =>
    withClassifier(async (classifier) => {
      const { samples } = sound(1, RATE);
      const foreign = runInNewContext('Float32Array.from(samples)', { samples }) as Float32Array;
      expect(foreign).not.toBeInstanceOf(Float32Array);
      const options = { sampleRate: RATE, ...whole };
      const given = async function* (piece: Float32Array) {
        yield piece;
      };
      const [own, other] = [samples, foreign].map((pieces) => collect(classifier.stream(given(pieces), options)));
      expect(await other).toEqual(await own);
    }));

  it('gives nothing for nothing, and something for a single sample', () =>
    withClassifier(async (classifier) => {
      const options = { sampleRate: RATE, ...whole };
      expect(await collect(classifier.stream(new Source(new Float32Array(0), [1]), options))).toEqual([]);
      expect(await collect(classifier.stream(new Source(new Float32Array(1), [1]), options))).toHaveLength(1);
    }));

  // Oracle: the rule of each option, by its name in the message. What was wrong must not leave a microphone open.
  it.each([
    [{ windowSeconds: 0 }, RangeError, 'windowSeconds must be'],
    [{ windowSeconds: null }, TypeError, 'windowSeconds must be'],
    [{ hopSeconds: 3 }, RangeError, 'hopSeconds must be'],
    [{ hopSeconds: '1' }, TypeError, 'hopSeconds must be'],
    [{ backlogSeconds: -1 }, RangeError, 'backlogSeconds must be'],
    [{ whenBehind: 'stop' }, RangeError, "whenBehind must be one of 'drop', 'wait'"],
    [{ whenBehind: null }, RangeError, 'whenBehind must be'],
    [{ vad: { detector: 'level', minDb: 3 } }, RangeError, 'vad.minDb must be'],
    [{ vad: { detector: 'level', threshold: 0.5 } }, TypeError, "no option named 'vad.threshold'"],
    [{ vad: { minDb: -60 } }, TypeError, "no option named 'vad.minDb'"],
    [{ vad: { threshold: 0 } }, RangeError, 'vad.threshold must be'],
    [{ vad: { leastSeconds: -1 } }, RangeError, 'vad.leastSeconds must be'],
    [{ vad: { keepSeconds: '1' } }, TypeError, 'vad.keepSeconds must be'],
    [{ vad: { detector: 'silero' } }, RangeError, "vad.detector must be 'speech', 'level' or a detector"],
    [{ vad: { detector: null } }, TypeError, 'vad.detector must be'],
    [{ vad: { detector: { sampleRate: 16_000, hopLength: 0 } } }, RangeError, 'vad.detector.hopLength must be'],
    [{ vad: { detector: { sampleRate: 16_000, hopLength: 1 } } }, TypeError, 'vad.detector.open must be a function'],
    [{ vad: true }, TypeError, 'vad must be an object'],
    [{ vad: null }, TypeError, 'vad must be an object'],
    [{ vad: 0 }, TypeError, 'vad must be an object'],
    [{ smoothing: { seconds: -1 } }, RangeError, 'seconds must be'],
    [{ smoothing: { second: 1 } }, TypeError, "no option named 'second'"],
    [{ smoothing: true }, TypeError, 'smoothing must be an object'],
    [{ smoothing: null }, TypeError, 'smoothing must be an object'],
    [{ topK: -1 }, RangeError, 'topK must be'],
    [{ topK: 0 }, RangeError, 'topK must be'],
    [{ topK: 1.5 }, RangeError, 'topK must be'],
    [{ topK: '1' }, TypeError, 'topK must be'],
    [{ sampleRate: 0.5 }, RangeError, 'sampleRate must be'],
    [{ sampleRate: 1e9 }, RangeError, 'sampleRate must be'],
    [{ signal: {} }, TypeError, 'signal must be an AbortSignal'],
    [{ signal: null }, TypeError, 'signal must be an AbortSignal'],
    [{ hop: 1 }, TypeError, "no option named 'hop'"],
    [null, TypeError, 'options must be an object'],
    ['fast', TypeError, 'options must be an object'],
  ])('says what is wrong with %j at the first segment, and ends the source', (options, kind, message) =>
    withClassifier(async (classifier) => {
      const quiet = new Quiet(0);
      const given = typeof options === 'object' && options ? { sampleRate: RATE, ...options } : options;
      const first = classifier.stream(quiet, given as never).next();
      await expect(first).rejects.toThrow(kind);
      await expect(first).rejects.toThrow(message);
      expect(quiet.ended).toBe(true);
    }),
  );

  it.each([
    [{ windowSeconds: 0 }, 'windowSeconds must be'],
    [{ backlogSeconds: -1 }, 'backlogSeconds must be'],
    [{ whenBehind: 'stop' }, "whenBehind must be one of 'drop', 'wait'"],
    [{ vad: 0 }, 'vad must be an object'],
    [{ smoothing: { second: 1 } }, "no option named 'second'"],
    [{ topK: -1 }, 'topK must be'],
    [{ maxSeconds: -1 }, 'maxSeconds must be'],
    [{ channel: 'left' }, 'channel must be'],
    [{ hop: 1 }, "no option named 'hop'"],
    [{ signal: {} }, 'signal must be an AbortSignal'],
    [{ signal: AbortSignal.abort(new Error('enough')) }, 'enough'],
  ])('says what is wrong with %j before it reads anything of a recording, and ends it', (options, message) =>
    withClassifier(async (classifier) => {
      const bytes = encodeWav(sound(1, RATE).samples, RATE);
      const ended = { stream: false, iterable: false };
      const stream = new ReadableStream<Uint8Array>(
        {
          pull: () => expect.unreachable(),
          cancel: () => {
            ended.stream = true;
          },
        },
        { highWaterMark: 0 },
      );
      const iterable = {
        [Symbol.asyncIterator]: () => ({
          next: () => expect.unreachable(),
          return: async () => {
            ended.iterable = true;
            return { done: true as const, value: undefined };
          },
        }),
      };
      for (const recording of [stream, iterable, bytes]) {
        await expect(classifier.stream(recording, options as never).next()).rejects.toThrow(message);
      }
      await tick();
      expect(ended).toEqual({ stream: true, iterable: true });
      stream.getReader().releaseLock();
      const locked = new ReadableStream<Uint8Array>();
      locked.getReader();
      await expect(classifier.stream(locked, options as never).next()).rejects.toThrow(message);
    }),
  );

  it('names what is wrong with a source', () =>
    withClassifier(async (classifier) => {
      const first = (from: unknown) => classifier.stream(from as never, { sampleRate: RATE }).next();
      for (const from of [7, null, undefined, [new Float32Array(9)]]) {
        await expect(first(from)).rejects.toThrow('source must be an async iterable');
      }
      const strings = (async function* () {
        yield 'sound';
      })();
      await expect(first(strings)).rejects.toThrow('must give Float32Array, got string');
      const wide = (async function* () {
        yield new Float64Array(9);
      })();
      await expect(first(wide)).rejects.toThrow('must give Float32Array, got Float64Array');
    }));

  it('asks for the rate of samples that come without one, and ends their source', () =>
    withClassifier(async (classifier) => {
      for (const options of [undefined, {}, { sampleRate: undefined }]) {
        const source = new Source(sound(1, RATE).samples, [1600]);
        await expect(classifier.stream(source, options).next()).rejects.toThrow('and need a sampleRate');
        expect(source.ended).toBe(true);
      }
    }));

  it('takes recordings, whose rate they know, and waits rather than drop (oracle: their samples, as they come)', () =>
    withClassifier(async (classifier) => {
      const { samples } = sound(5, RATE);
      const expected = await collect(
        classifier.stream(new Source(samples, [997]), { sampleRate: RATE, whenBehind: 'wait' }),
      );
      const bytes = encodeWav(samples, RATE, { encoding: 'float32' });
      async function* pieces() {
        for (let at = 0; at < bytes.length; at += 5000) yield bytes.subarray(at, at + 5000);
      }
      for (const recording of [
        { samples, sampleRate: RATE },
        bytes,
        new Blob([bytes]),
        pieces(),
        new Blob([bytes]).stream(),
      ]) {
        const segments = await collect(classifier.stream(recording, { backlogSeconds: 1 }));
        expect(segments.map(({ start, end }) => [start, end])).toEqual(expected.map(({ start, end }) => [start, end]));
        expect(segments).toEqual(expected);
      }
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
      const late = new Quiet(0);
      await expect(classifier.stream(late, { sampleRate: RATE }).next()).rejects.toThrow('is disposed');
      expect(late.ended).toBe(true);
    });
  });

  it('ends when the classifier is disposed, also while nothing comes', () =>
    expectNoLeak(async () => {
      const classifier = EmotionClassifier.fromModel(tinyModel());
      const quiet = new Quiet(1);
      const pending = classifier.stream(quiet, { sampleRate: RATE }).next();
      await ticks(3);
      classifier.dispose();
      await expect(pending).rejects.toThrow('Cannot stream: the classifier is disposed');
      expect(quiet.ended).toBe(true);
    }));
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
