import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { RavdessRecording } from '../../src/dataset/ravdessDataset.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { openRavdess } from '../../src/node/openRavdess.ts';
import { pretrained } from '../../src/pretrained/index.ts';
import { ravdessOriginalZip, ravdessZip, withRavdess } from '../support/ravdess.ts';

/*
 * RAVDESS is published at 48 kHz; the same clips were brought to 16 kHz by another program's resampler, and stored in 16
 * bits. Whoever uses the library has either: it has to hear the same. Oracle: each clip's twin.
 */

withRavdess('a clip as published and its twin at 16 kHz', () => {
  let twins: [RavdessRecording, RavdessRecording][];

  beforeAll(async () => {
    const byName = ({ name }: RavdessRecording) => name.split('/').at(-1)!;
    const [published, copies] = await Promise.all([openRavdess(ravdessOriginalZip!), openRavdess(ravdessZip!)]);
    const found = new Map([...copies].map((copy) => [byName(copy), copy]));
    twins = [...published].map((clip) => [clip, found.get(byName(clip))!]);
    expect(twins).toHaveLength(60);
    expect(await tf.setBackend('wasm')).toBe(true);
  });
  afterAll(() => tf.removeBackend('wasm'));

  it('have log-mel features that differ by less than 0.2 dB on average', { timeout: 300_000 }, async () => {
    const extractor = new FeatureExtractor();
    const { features } = extractor.options;
    if (features.type !== 'logMel') throw new Error('the default features are log-mel');
    expect(features.maxHz).toBe(7500); // so all bins count
    let [sum, count, worst] = [0, 0, 0];
    for (const [published, copy] of twins) {
      const [waveform, other] = [await published.waveform(), await copy.waveform()];
      expect([waveform.sampleRate, other.sampleRate]).toEqual([48_000, 16_000]);
      // Untrimmed, so that frame meets frame even where the trimming would part by one.
      const a = await extractor.extract(waveform, { trim: false });
      const b = await extractor.extract(other, { trim: false });
      expect(Math.abs(a.frames - b.frames)).toBeLessThanOrEqual(1);
      // What lies at the floor in both is left out: counted in, silence would make any difference small.
      const floor = features.minDb;
      const differences = [...a.values.subarray(0, b.values.length)].flatMap((value, i) =>
        Math.max(value, b.values[i]!) > floor ? [Math.abs(value - b.values[i]!)] : [],
      );
      const ofClip = differences.reduce((total, difference) => total + difference, 0);
      sum += ofClip;
      count += differences.length;
      worst = Math.max(worst, ofClip / differences.length);
    }
    expect(sum / count, 'mean difference over all clips, frames and bins, dB').toBeLessThan(0.2);
    expect(worst, 'mean difference of the clip where it is largest, dB').toBeLessThan(0.2);
  });

  it('get the same label from the shipped model in at least 98 %', { timeout: 300_000 }, async () => {
    using classifier = await EmotionClassifier.load(pretrained);
    const parted: string[] = [];
    for (const [published, copy] of twins) {
      const one = await classifier.classify(await published.bytes());
      const other = await classifier.classify(await copy.bytes());
      if (one.label !== other.label) parted.push(`${published.name}: ${one.label} and ${other.label}`);
    }
    expect(parted.length / twins.length, parted.join('; ')).toBeLessThanOrEqual(0.02);
  });
});
