// Oracles: the channels, each given by itself; the recording without its offset.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { spoken } from '../support/spoken.ts';
import { encodeWav } from '../support/wav.ts';
import { sound } from './sound.ts';
import { withClassifier } from './withClassifier.ts';

beforeAll(() => tf.setBackend('cpu'));

const RATE = 16_000;
/** A call: one speaks, then the other. */
const left = sound(3, RATE).samples.map((sample, i) => (i < 24_000 ? sample : 0));
const right = sound(3, RATE).samples.map((sample, i) => (i < 24_000 ? 0 : 0.5 * sample));
const wav = (...channels: Float32Array[]) =>
  encodeWav(
    channels.map((channel) => [...channel]),
    RATE,
    { encoding: 'float32' },
  );
const call = wav(left, right);
const alone = [left, right].map((samples) => ({ samples, sampleRate: RATE }));

describe('channel', () => {
  it("gives, with 'each', a result and a timeline a channel", () =>
    withClassifier(async (classifier) => {
      const expected = await Promise.all(alone.map((channel) => classifier.classify(channel)));
      expect(await classifier.classify(call, { channel: 'each' })).toEqual(expected);
      const timelines = await Promise.all(alone.map((channel) => classifier.timeline(channel)));
      const seen = new Set<number | undefined>();
      const onProgress = ({ channel }: { channel?: number | undefined }) => void seen.add(channel);
      expect(await classifier.timeline(call, { channel: 'each', onProgress })).toEqual(timelines);
      expect([...seen].sort()).toEqual([0, 1]);
    }));

  it('takes the one that is named', () =>
    withClassifier(async (classifier) => {
      for (const [channel, own] of alone.entries()) {
        const channels = { of: 2, used: [channel], flipped: [] };
        expect(await classifier.classify(call, { channel })).toEqual({ ...(await classifier.classify(own)), channels });
        const { contributions } = await classifier.explain(call, { channel, steps: 1 });
        expect(contributions).toEqual((await classifier.explain(own, { steps: 1 })).contributions);
        const [segment] = await classifier.timeline(call, { channel });
        expect(segment).toEqual({ ...(await classifier.timeline(own))[0], channels });
        const streamed = [];
        for await (const one of classifier.stream(call, { channel, vad: false })) streamed.push(one);
        const wanted = [];
        for await (const one of classifier.stream(own, { vad: false })) wanted.push(one);
        expect(streamed).toEqual(wanted);
      }
      for (const wrong of [2, -1, 0.5, 'left', null]) {
        await expect(classifier.classify(call, { channel: wrong as never })).rejects.toThrow(/channel must be/);
      }
    }));

  it('mixes without cancelling, and says what it did', () =>
    withClassifier(async (classifier) => {
      const { samples } = sound(2, RATE);
      const mono = spoken(await classifier.classify({ samples, sampleRate: RATE }));
      expect(mono).not.toHaveProperty('channels');
      const silent = new Float32Array(samples.length);
      for (const [channels, used, flipped] of [
        [[samples, samples], [0, 1], []],
        [[samples, samples.map((sample) => -sample)], [0, 1], [1]],
        [[silent, samples], [1], []],
        [[silent, silent, samples, silent, silent, silent], [2], []],
      ] as const) {
        const result = await classifier.classify(wav(...channels));
        expect(result.channels).toEqual({ of: channels.length, used, flipped });
        expect(result.scores).toEqual(mono.scores);
      }
    }));

  it('ends the source when one of the channels fails or the call is aborted', () =>
    withClassifier(async (classifier) => {
      for (const abort of [true, false]) {
        let ended = false;
        const controller = new AbortController();
        const source = {
          async *[Symbol.asyncIterator]() {
            try {
              yield call.subarray(0, 5000);
              if (abort) controller.abort(new Error('enough'));
              yield call.subarray(5000);
            } finally {
              ended = true;
            }
          },
        };
        const onProgress = () => {
          throw new Error('enough');
        };
        const options = { channel: 'each', onProgress, signal: controller.signal } as const;
        await expect(classifier.timeline(source, options)).rejects.toThrow('enough');
        await expect.poll(() => ended).toBe(true);
      }
    }));
});

it.each([0.1, -0.02])('an offset of %d is heard neither in a recording nor live', (offset) =>
  withClassifier(async (classifier) => {
    for (const rate of [16_000, 44_100]) {
      const { samples } = sound(4, rate);
      for (let i = 0; i < rate; i++) samples[i]! *= 1e-3; // a second of silence
      const shifted = samples.map((sample) => sample + offset);
      const [clean, biased] = await Promise.all(
        [samples, shifted].map((one) => classifier.classify({ samples: one, sampleRate: rate })),
      );
      expect(biased!.label).toBe(clean!.label);
      const wanted = spoken(clean!).scores;
      for (const [i, { score }] of spoken(biased!).scores.entries()) expect(score).toBeCloseTo(wanted[i]!.score, 3);
      const [quiet, loud] = await Promise.all(
        [samples, shifted].map(async (one) => {
          const spoken = [];
          async function* pieces() {
            for (let at = 0; at < one.length; at += 999) yield one.subarray(at, at + 999);
          }
          for await (const segment of classifier.stream(pieces(), {
            sampleRate: rate,
            windowSeconds: 0.5,
            vad: { detector: 'level' },
          })) {
            spoken.push(segment.speech);
          }
          return spoken;
        }),
      );
      expect(loud).toEqual(quiet);
      expect(quiet![0]).toBe(false);
      expect(quiet!.at(-1)).toBe(true);
    }
  }),
);
