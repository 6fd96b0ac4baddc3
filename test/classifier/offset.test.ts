// Oracle: the same recordings without the offset.

import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { LevelActivity, resolveLevelOptions } from '../../src/classifier/levelActivity.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { pretrained } from '../../src/pretrained/small.ts';
import { spoken } from '../support/spoken.ts';

const readClip = (name: string) =>
  decodeAudio(new Uint8Array(readFileSync(new URL(`../../examples/clips/${name}.wav`, import.meta.url))));
const shift = ({ samples, sampleRate }: Waveform, offset: number): Waveform => ({
  samples: samples.map((sample) => sample + offset),
  sampleRate,
});
const farthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe('sound with a constant offset', () => {
  let speech: Waveform;
  let turns: Waveform;

  beforeAll(async () => {
    speech = await readClip('lively');
    turns = await readClip('in-turns');
  });

  it.each([16_000, 44_100, 48_000])('has the features of that without, at %i Hz', async (rate) => {
    const extractor = new FeatureExtractor();
    const clean = await resample(speech, rate);
    const wanted = await extractor.extract(clean);
    for (const offset of [-0.3, -0.03, 0.01, 0.1]) {
      const got = await extractor.extract(shift(clean, offset));
      expect(got.frames).toBe(wanted.frames);
      expect(farthest(got.values, wanted.values)).toBeLessThan(0.05); // dB
    }
    // A smaller one is left, since it hardly shows.
    const left = await extractor.extract(shift(clean, 0.005));
    expect(farthest(left.values, wanted.values)).toBeLessThan(1);
  });

  it('is classified as without', async () => {
    await tf.setBackend('cpu');
    const classifier = await EmotionClassifier.load(pretrained);
    for (const rate of [16_000, 48_000]) {
      const clean = await resample(speech, rate);
      const wanted = spoken(await classifier.classify(clean));
      for (const offset of [-0.3, 0.005, 0.01, 0.1]) {
        const got = spoken(await classifier.classify(shift(clean, offset)));
        expect(got.label).toBe(wanted.label);
        for (const { label, score } of got.scores) {
          const before = wanted.scores.find((other) => other.label === label)!.score;
          expect(Math.abs(score - before)).toBeLessThan(0.001);
        }
      }
    }
    classifier.dispose();
  });

  it('has speech where it has without', () => {
    const hop = 400;
    const decisions = ({ samples, sampleRate }: Waveform) => {
      const vad = new LevelActivity(resolveLevelOptions('test', {}), { sampleRate, hop, kept: samples.length });
      vad.push(samples);
      return Array.from({ length: Math.floor(samples.length / hop) }, (_, i) =>
        vad.speechWithin(hop * i, hop * (i + 1)),
      );
    };
    const wanted = decisions(turns);
    expect(wanted.some((speech) => speech) && wanted.some((speech) => !speech)).toBe(true);
    for (const offset of [-0.3, 0.01, 0.1]) expect(decisions(shift(turns, offset))).toEqual(wanted);
  });
});
