import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { parseModelSettings } from '../../src/model/trainedModel.ts';
import { sound } from '../classifier/sound.ts';
import { expectNoLeak } from '../support/backends.ts';

describe('pretrained', () => {
  beforeAll(() => tf.setBackend('wasm').then((started) => started || tf.setBackend('cpu')));

  it('loads without a path, and tells the emotions apart that RAVDESS has', () =>
    expectNoLeak(async () => {
      const { pretrained } = await import('../../src/pretrained/index.ts');
      const classifier = await EmotionClassifier.load(pretrained);
      expect([...classifier.labels].sort()).toEqual([...EMOTIONS].sort());
      const { scores } = await classifier.classify(sound(3));
      expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
      classifier.dispose();
    }));

  it('is at most 2 MB, in 16-bit floats', async () => {
    const { pretrained } = await import('../../src/pretrained/index.ts');
    expect(pretrained.weights.length).toBeLessThanOrEqual(2e6);
    const specs = pretrained.json.weightsManifest.flatMap((group) => group.weights);
    expect(specs.filter(({ quantization }) => quantization?.dtype !== 'float16')).toEqual([]);
  });

  it('says what it was trained on, under which licence, and how it did on speakers it never heard', async () => {
    const { pretrained } = await import('../../src/pretrained/index.ts');
    const { training } = parseModelSettings(pretrained.json.userDefinedMetadata?.['speech-emotion']);
    expect(training.data.name).toMatch(/RAVDESS/);
    expect(training.data.licence).toBe('CC BY-NC-SA 4.0');
    expect(training.data.citation).toMatch(/Livingstone.*Russo/);
    expect(training.evaluation?.protocol).toMatch(/\w/);
    expect(training.evaluation?.metrics.uar).toBeGreaterThan(0.5);
  });
});
