import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { parseModelSettings } from '../../src/model/trainedModel.ts';
import { sound } from '../classifier/sound.ts';
import { expectNoLeak } from '../support/backends.ts';

const MODELS = {
  pretrained: { read: () => import('../../src/pretrained/index.ts'), megabytes: 2 },
  'pretrained/ravdess': { read: () => import('../../src/pretrained/ravdess.ts'), megabytes: 2 },
  'pretrained/small': { read: () => import('../../src/pretrained/small.ts'), megabytes: 0.3 },
};

describe.each(Object.entries(MODELS))('%s', (_, { read, megabytes }) => {
  beforeAll(() => tf.setBackend('wasm').then((started) => started || tf.setBackend('cpu')));

  it('loads without a path, and tells the emotions apart that RAVDESS has', () =>
    expectNoLeak(async () => {
      const { pretrained } = await read();
      const classifier = await EmotionClassifier.load(pretrained);
      expect([...classifier.labels].sort()).toEqual([...EMOTIONS].sort());
      const { scores = [] } = await classifier.classify(sound(3), { vad: false });
      expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
      classifier.dispose();
    }));

  it(`is at most ${megabytes} MB, in 16-bit floats`, async () => {
    const { pretrained } = await read();
    expect(pretrained.weights.length).toBeLessThanOrEqual(megabytes * 1e6);
    const specs = pretrained.json.weightsManifest.flatMap((group) => group.weights);
    expect(specs.filter(({ quantization }) => quantization?.dtype !== 'float16')).toEqual([]);
  });

  it('says what it was trained on, under which licence, and how it did on speakers it never heard', async () => {
    const { pretrained } = await read();
    const { training } = parseModelSettings(pretrained.json.userDefinedMetadata?.['speech-emotion']);
    expect(training.data.name).toMatch(/RAVDESS/);
    expect(training.data.licence).toMatch(/^CC BY-NC-SA 4\.0/);
    expect(training.data.citation).toMatch(/Livingstone.*Russo/);
    expect(training.evaluation?.protocol).toMatch(/\w/);
    expect(training.evaluation?.metrics.uar).toBeGreaterThan(0.5);
  });
});
