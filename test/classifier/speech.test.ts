import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { StreamSegment } from '../../src/classifier/stream.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { SpeechDetector } from '../../src/speech/speechDetector.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';

const RATE = 16_000;
let turns: Float32Array;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const bytes = await readFile(new URL('../../examples/clips/in-turns.wav', import.meta.url));
  turns = (await decodeAudio(new Uint8Array(bytes))).samples;
});

/** Speech from `from` on, in seconds, within faint noise. */
function spokenFrom(from: number, seconds: number): Waveform {
  const random = new RandomStream(3, 'noise');
  const samples = Float32Array.from({ length: seconds * RATE }, () => 1e-3 * random.normal());
  for (let i = 0; i < turns.length && from * RATE + i < samples.length; i++) samples[from * RATE + i]! += turns[i]!;
  return { samples, sampleRate: RATE };
}

const noise = (seconds: number, level: number, sampleRate = RATE): Waveform => {
  const random = new RandomStream(5, 'noise', sampleRate);
  return { samples: Float32Array.from({ length: seconds * sampleRate }, () => level * random.normal()), sampleRate };
};

async function withModel(work: (classifier: EmotionClassifier) => Promise<void>, calibration = { temperature: 1 }) {
  await expectNoLeak(async () => {
    const classifier = EmotionClassifier.fromModel(tinyModel({ calibration }));
    try {
      await work(classifier);
    } finally {
      classifier.dispose();
    }
  });
}

async function collected(stream: AsyncIterable<StreamSegment>): Promise<StreamSegment[]> {
  const segments: StreamSegment[] = [];
  for await (const segment of stream) segments.push(segment);
  return segments;
}

describe('without speech', () => {
  it.each([8000, 16_000, 44_100])('nothing has an emotion, at %i Hz', (rate) =>
    withModel(async (classifier) => {
      for (const level of [0, 1e-4, 1e-2, 0.3]) {
        const waveform = noise(4, level, rate);
        expect(await classifier.classify(waveform)).toEqual({ speech: false });
        const segments = await classifier.timeline(waveform);
        expect(segments.length).toBeGreaterThan(3);
        for (const { start, end, ...rest } of segments) expect(rest).toEqual({ speech: false });
        for (const { start, end, dropped, ...rest } of await collected(classifier.stream(waveform))) {
          expect(rest).toEqual({ speech: false });
        }
      }
    }),
  );

  it('is no question where nobody asks', () =>
    withModel(async (classifier) => {
      const waveform = noise(1, 0.1);
      expect(await classifier.classify(waveform, { vad: false })).toMatchObject({
        speech: true,
        label: expect.any(String),
      });
      for (const segment of await classifier.timeline(waveform, { vad: false })) expect(segment.label).toBeDefined();
    }));

  it('progress reaches the end all the same', () =>
    withModel(async (classifier) => {
      const seen: unknown[] = [];
      await classifier.classify(noise(2, 0.1), { onProgress: (progress) => seen.push(progress) });
      expect(seen).toEqual([{ type: 'sound', seconds: 2, totalSeconds: 2 }]);
    }));
});

describe('with speech', () => {
  it.each([8000, 16_000, 48_000])('a recording has the emotion that it has without the question, at %i Hz', (rate) =>
    withModel(async (classifier) => {
      const waveform = await resample({ samples: turns.subarray(0, 2 * RATE), sampleRate: RATE }, rate);
      expect(await classifier.classify(waveform)).toEqual(await classifier.classify(waveform, { vad: false }));
    }),
  );

  it('is where there is some: timeline and stream say the same of every segment (oracle: each other, and where it was put)', () =>
    withModel(async (classifier) => {
      const waveform = spokenFrom(4, 14);
      const options = { windowSeconds: 1, hopSeconds: 0.5 };
      const segments = await classifier.timeline(waveform, options);
      const streamed = await collected(classifier.stream(waveform, options));
      const answers = (all: readonly { start: number; end: number; speech: boolean }[]) =>
        all.map(({ start, end, speech }) => ({ start, end, speech }));
      // The last one of a timeline ends with the last frame, which a stream's end need not be.
      expect(answers(streamed)).toEqual(answers(segments).slice(0, streamed.length));
      for (const { speech, end } of segments) if (end <= 4) expect(speech).toBe(false);
      for (const { speech, start } of segments) if (start >= 4 + turns.length / RATE + 0.2) expect(speech).toBe(false);
      expect(segments.filter(({ speech }) => speech).length).toBeGreaterThan(5);
      const without = await classifier.timeline(waveform, { ...options, vad: false });
      for (const [i, segment] of segments.entries()) if (segment.speech) expect(segment).toEqual(without[i]);
    }));

  it('windows without it do not count (oracle: the stretch with speech alone)', () =>
    withModel(async (classifier) => {
      const loud = spokenFrom(3, 8);
      // A tone before it, of the same loudness, is not trimmed as silence is.
      for (let i = 0; i < 2.5 * RATE; i++) loud.samples[i] = 0.3 * Math.sin((2 * Math.PI * 500 * i) / RATE);
      const heard = await classifier.classify(loud);
      const all = await classifier.classify(loud, { vad: false });
      expect(heard.speech).toBe(true);
      expect(heard.scores).not.toEqual(all.scores);
    }));

  it("takes the level for it, or a detector's word, where it is told to", () =>
    withModel(async (classifier) => {
      const tone = { samples: new Float32Array(3 * RATE), sampleRate: RATE };
      for (let i = RATE; i < 2 * RATE; i++) tone.samples[i] = 0.3 * Math.sin(0.2 * i);
      expect((await classifier.classify(tone)).speech).toBe(false);
      expect((await classifier.classify(tone, { vad: { detector: 'level' } })).speech).toBe(true);
      const detector = (answer: number): SpeechDetector => ({
        ...{ sampleRate: 8000, hopLength: 80 },
        open: () => ({
          push: async (samples) => Array(Math.floor(samples.length / 80)).fill(answer),
          flush: () => [answer],
        }),
      });
      expect((await classifier.classify(tone, { vad: { detector: detector(1) } })).speech).toBe(true);
      expect((await classifier.classify(tone, { vad: { detector: detector(0.4) } })).speech).toBe(false);
      expect((await classifier.classify(tone, { vad: { detector: detector(0.4), threshold: 0.3 } })).speech).toBe(true);
    }));

  it('gives what a detector throws, and leaves nothing', () =>
    withModel(async (classifier) => {
      const broken: SpeechDetector = {
        ...{ sampleRate: RATE, hopLength: 512 },
        open: () => ({ push: () => Promise.reject(new Error('broken')), flush: () => [] }),
      };
      const vad = { detector: broken };
      await expect(classifier.classify(noise(1, 0.1), { vad })).rejects.toThrow('broken');
      await expect(classifier.timeline(noise(1, 0.1), { vad })).rejects.toThrow('broken');
      await expect(collected(classifier.stream(noise(1, 0.1), { vad }))).rejects.toThrow('broken');
    }));
});

it.each([0, 0.999, 1])('a result is sure above %d, live as over time (oracle: the confidence)', (sureAbove) =>
  withModel(
    async (classifier) => {
      const waveform = spokenFrom(0, 6);
      const results = [
        await classifier.classify(waveform),
        ...(await classifier.timeline(waveform)),
        ...(await collected(classifier.stream(waveform, { smoothing: {} }))),
      ].filter(({ speech }) => speech);
      expect(results.length).toBeGreaterThan(5);
      for (const { sure, confidence } of results) expect(sure).toBe(confidence! > sureAbove);
    },
    { temperature: 1, sureAbove } as never,
  ),
);
