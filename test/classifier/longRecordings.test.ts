// Oracles: the parts by themselves, given the whole recording; the bytes and pieces that were asked for.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { predict } from '../../src/model/predict.ts';
import { layOutWindows } from '../../src/model/windows.ts';
import { tinyExtractor } from '../model/tinyModel.ts';
import { spoken } from '../support/spoken.ts';
import { sound } from './sound.ts';
import { withClassifier } from './withClassifier.ts';

beforeAll(() => tf.setBackend('cpu'));

const RATE = 8000;
const SECONDS = 660;

/** A WAV of 16 bits and unknown length, as recorders write into a pipe: speech-like sound between stretches of near silence. */
const speech = sound(4, RATE).samples;
function sampleAt(i: number): number {
  const second = i / RATE;
  const loud = second < 20 || second > SECONDS - 30 ? 1e-3 : 0.5;
  return Math.round(32767 * loud * speech[i % speech.length]!);
}
const header = () => {
  const view = new DataView(new ArrayBuffer(44));
  for (const [at, letters] of [
    [0, 'RIFF'],
    [8, 'WAVEfmt '],
    [36, 'data'],
  ] as const) {
    for (let i = 0; i < letters.length; i++) view.setUint8(at + i, letters.charCodeAt(i));
  }
  view.setUint32(4, 0xffffffff, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(40, 0xffffffff, true);
  return new Uint8Array(view.buffer);
};

/** The file as it comes; what was asked for is counted. */
class Pipe {
  asked = 0;
  ended = false;
  async *[Symbol.asyncIterator]() {
    try {
      yield header();
      for (let second = 0; second < SECONDS; second += 1) {
        this.asked += 2 * RATE;
        yield new Uint8Array(Int16Array.from({ length: RATE }, (_, i) => sampleAt(second * RATE + i)).buffer);
      }
    } finally {
      this.ended = true;
    }
  }
}

describe('a recording of more than ten minutes, as it comes', () => {
  it('has the timeline that it has whole', () =>
    withClassifier(async (classifier) => {
      const whole = await tinyExtractor.extract(await toWaveform(new Pipe()), { trim: false });
      const { framesPerSecond, bins } = tinyExtractor;
      const frames = Math.round(2 * framesPerSecond);
      const ranges = layOutWindows(whole.frames, { frames, hopFrames: Math.round(2 * framesPerSecond) });
      const cut = ranges.map(({ startFrame, endFrame }) => ({
        values: whole.values.subarray(startFrame * bins, endFrame * bins),
        frames: endFrame - startFrame,
        bins,
      }));
      const expected = await predict(classifier.model, cut);
      const seen: (number | undefined)[] = [];
      const segments = await classifier.timeline(new Pipe(), {
        windowSeconds: 2,
        hopSeconds: 2,
        onProgress: ({ seconds, totalSeconds }) => seen.push(seconds, totalSeconds),
      });
      expect(segments).toHaveLength(expected.length);
      for (const [i, segment] of segments.entries()) {
        expect(segment.start).toBeCloseTo(ranges[i]!.startFrame / framesPerSecond, 9);
        for (const { label, score } of spoken(segment).scores) {
          expect(score).toBeCloseTo(expected[i]!.probabilities[classifier.labels.indexOf(label)]!, 4);
        }
      }
      expect(segments.at(-1)!.end).toBe(SECONDS);
      expect(seen.slice(0, 2)).toEqual([segments[0]!.end, undefined]);
      expect(seen.slice(-2)).toEqual([SECONDS, SECONDS]);
    }));

  it('is classified without the silence at its ends', () =>
    withClassifier(async (classifier) => {
      const { samples } = await toWaveform(new Pipe(), { sampleRate: 16_000 });
      const keep = tinyExtractor.options.trim === false ? 0 : tinyExtractor.options.trim.keepSeconds;
      const [from, to] = [(20 - keep) * 16_000, (SECONDS - 30 + keep) * 16_000];
      const near = { samples: samples.subarray(from, to), sampleRate: 16_000 };
      const [expected] = await predict(classifier.model, [await tinyExtractor.extract(near, { trim: false })]);
      const { scores } = spoken(await classifier.classify(new Pipe()));
      for (const { label, score } of scores) {
        expect(score).toBeCloseTo(expected!.probabilities[classifier.labels.indexOf(label)]!, 2); // to a frame at either end
      }
    }));

  it('is explained by the stretch that is asked for, and read no further', () =>
    withClassifier(async (classifier) => {
      const pipe = new Pipe();
      const { start, features, framesPerSecond } = await classifier.explain(pipe, {
        start: 30,
        end: 33,
        trim: false,
        steps: 1,
      });
      expect(start).toBe(30);
      expect(features.frames / framesPerSecond).toBeCloseTo(3, 0);
      expect(pipe.asked).toBeLessThan(50 * 2 * RATE);
      expect(pipe.ended).toBe(true);
      await expect(classifier.explain(new Pipe(), { steps: 1 })).rejects.toThrow('must have at most 600 seconds');
      await expect(classifier.explain(new Pipe(), { start: 900 })).rejects.toThrow(
        "must be before the recording's end at 660 seconds",
      );
      for (const [options, message] of [
        [{ start: -1 }, 'start must be'],
        [{ start: 3, end: 3 }, 'end must be after start'],
        [{ end: 601 }, 'by at most 600 seconds'],
      ] as const) {
        await expect(classifier.explain(new Pipe(), options)).rejects.toThrow(message);
      }
    }));

  it('is ended when the call is aborted, and when it is too long', () =>
    withClassifier(async (classifier) => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const pipe = new Pipe();
      const onProgress = () => controller.abort(reason);
      await expect(classifier.timeline(pipe, { signal: controller.signal, onProgress })).rejects.toBe(reason);
      await expect.poll(() => pipe.ended).toBe(true);
      const long = new Pipe();
      await expect(classifier.classify(long, { maxSeconds: 60 })).rejects.toThrow('found over 60 seconds');
      expect(long.asked).toBeLessThan(80 * 2 * RATE);
      expect(long.ended).toBe(true);
    }));
});
