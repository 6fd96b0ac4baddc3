// Oracle: by construction. The detector is a stand-in whose answer to a hop is its first sample.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSpeechOptions, SpeechActivity } from '../../src/classifier/speechActivity.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { SpeechDetector } from '../../src/speech/speechDetector.ts';

const HOP = 100;
const RATE = 1000;

/** Answers a hop with its first sample once `lookahead` more have come. */
function parrot(lookahead = 0, sampleRate = RATE): SpeechDetector {
  return {
    ...{ sampleRate, hopLength: (HOP * sampleRate) / RATE, lookahead },
    open() {
      let heard = new Float32Array(0);
      let given = 0;
      const hop = (HOP * sampleRate) / RATE;
      const answers = (end: number) => {
        const found: number[] = [];
        for (; given < end; given++) found.push(Math.min(1, Math.max(0, heard[given * hop]!)));
        return found;
      };
      return {
        async push(samples) {
          heard = Float32Array.of(...heard, ...samples);
          return answers(Math.max(0, Math.floor((heard.length - lookahead) / hop)));
        },
        flush: () => answers(Math.ceil(heard.length / hop)),
      };
    },
  };
}

const soundOf = (hops: readonly number[]) =>
  Float32Array.from({ length: HOP * hops.length }, (_, i) => hops[Math.floor(i / HOP)]!);

async function activityOf(hops: readonly number[], options = {}, detector = parrot(), pieces = [HOP]) {
  const resolved = resolveSpeechOptions('test', { keepSeconds: 0.1, leastSeconds: 0.2, ...options });
  const activity = await SpeechActivity.open('test', detector, resolved, { sampleRate: RATE, hop: 25, kept: 10_000 });
  const samples = soundOf(hops);
  for (let at = 0, i = 0; at < samples.length; at += pieces[i++ % pieces.length]!) {
    await activity.push(samples.subarray(at, at + pieces[i % pieces.length]!));
  }
  return activity;
}

describe('SpeechActivity', () => {
  it('needs enough speech in a stretch, and gives what is around it', async () => {
    const activity = await activityOf([0, 0, 0.9, 0.4, 0.6, 0, 0, 0.9, 0, 0]);
    await activity.end();
    expect(activity.speechWithin(0, 1000)).toEqual({ from: 100, to: 900 });
    expect(activity.speechWithin(0, 500)).toEqual({ from: 100, to: 500 });
    expect(activity.speechWithin(250, 500)).toBeUndefined(); // a tenth of a second of it
    expect(activity.speechWithin(500, 1000)).toBeUndefined();
    expect(activity.hasSpeech).toBe(true);
  });

  it('takes thresholds of its own and those of the detector', async () => {
    const hops = [0, 0.4, 0.4, 0.6, 0];
    const within = async (options: object, detector = parrot()) =>
      (await activityOf(hops, options, detector)).speechWithin(0, 400) !== undefined;
    expect(await within({})).toBe(false);
    expect(await within({ threshold: 0.3 })).toBe(true);
    expect(await within({ leastSeconds: 0.1 })).toBe(true);
    expect(await within({ leastSeconds: 0 })).toBe(true);
    expect(await within({}, { ...parrot(), threshold: 0.3 })).toBe(true);
    expect(await within({ threshold: 0.5 }, { ...parrot(), threshold: 0.3 })).toBe(false);
  });

  it('says of a stretch the same whether more has come than it looks ahead, in whatever pieces (property)', async () => {
    const random = new RandomStream(1, 'hops');
    const hops = Array.from({ length: 60 }, () => random.next() ** 2);
    const all = await activityOf(hops, {}, parrot(150));
    await all.end();
    expect(all.lookahead).toBe(150);
    const piece = fc.integer({ min: 1, max: 700 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1 }), fc.integer({ min: 0, max: 48 }), async (pieces, first) => {
        const activity = await activityOf(hops.slice(0, first + 12), {}, parrot(150), pieces);
        const [from, to] = [first * HOP, (first + 10) * HOP];
        expect(activity.speechWithin(from, to)).toEqual(all.speechWithin(from, to));
      }),
      { numRuns: 30 },
    );
  });

  it('knows what is at its end once the sound is over', async () => {
    const activity = await activityOf([0, 0, 0, 0.9, 0.9], {}, parrot(150));
    expect(activity.speechWithin(0, 500)).toBeUndefined();
    await activity.end();
    expect(activity.speechWithin(0, 500)).toEqual({ from: 200, to: 500 });
    expect(activity.speechWithin(0, 450)).toBeUndefined();
  });

  it('resamples for detectors of another rate', async () => {
    const hops = [0, 0, 0, 0, 0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0];
    const activity = await activityOf(hops, {}, parrot(0, 2000));
    expect(activity.speechWithin(0, 400)).toBeUndefined();
    await activity.end();
    expect(activity.speechWithin(0, 1200)).toEqual({ from: 300, to: 900 });
  });

  it('has heard no speech in no sound', async () => {
    const activity = await activityOf([]);
    await activity.end();
    expect(activity.hasSpeech).toBe(false);
    expect(activity.speechWithin(0, 400)).toBeUndefined();
  });

  it.each([Number.NaN, -0.1, 1.1])('refuses an answer of %d', async (answer) => {
    const detector: SpeechDetector = {
      ...{ sampleRate: RATE, hopLength: HOP },
      open: () => ({ push: () => [answer], flush: () => [] }),
    };
    await expect(activityOf([0, 0], {}, detector)).rejects.toThrow('answers of vad.detector must be from 0 to 1');
  });
});
